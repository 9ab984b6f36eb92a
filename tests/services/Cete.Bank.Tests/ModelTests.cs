using Cete.Bank.Proto;
using Cete.Core;
using Cete.Ledger;

namespace Cete.Bank.Tests;

/// <summary>Random steps against the <see cref="Model"/>: every answer and every balance must agree.</summary>
public sealed class ModelTests
{
    [Fact]
    public void The_bank_does_what_the_model_does()
    {
        Dictionary<string, int> answers = [];
        for (ulong seed = 1; seed <= 15; seed++)
        {
            Run(seed, answers);
        }

        // Worth something only when the steps come to all that can happen.
        string[] expected =
        [
            "Send done", "Send known", "Send Conflict", "Send Invalid", "Pend done", "Pend Invalid", "Pend Conflict", "Post done", "Post NotFound",
                "Post Forbidden",
            "Post Conflict", "Post Expired", "Void done", "Void Conflict", "Open done", "Open Conflict", "Open Invalid", "Redeem 0", "Redeem Forbidden",
            "Redeem Conflict", "Redeem NotFound", "Redeem Expired", "Redeem Invalid", "Close done", "Close known", "Close NotFound", "Tick 0", "Tick 1",
                "Tick 2",
        ];
        Assert.True(expected.All(answers.ContainsKey), string.Join(", ", answers.OrderBy(answer => answer.Key, StringComparer.Ordinal)));
    }

    private static void Run(ulong seed, Dictionary<string, int> answers)
    {
        var policy = BankPolicy.First with { Grants = [new GrantStage(0, Model.Grant)], CloseDelaySeconds = Steps.Delay / Steps.Second };
        using var bench = Bench.Begun(policy);
        var people = Enumerable.Range(0, Steps.People).Select(i => bench.Rich($"person {i}", Model.Earned, 9_000 + i)).ToArray();
        Assert.True(people[0].Decide(policy with { Version = 2, CommunityPermille = Steps.CommunityPermille }).Value.Changed);
        var (model, steps) = (new Model(), new Steps(new Prng(seed)));
        List<string> history = [];
        for (var i = 0; i < 300; i++)
        {
            bench.Group.Now += TimeSpan.FromMicroseconds(steps.Pause());
            var step = steps.Next();
            var expected = model.Run(step, bench.Now.Microseconds);
            var actual = Do(step, bench, people);
            history.Add($"{step} -> {actual}");
            Assert.True(expected == actual, $"seed {seed}: model {expected}, bank {actual}\n{string.Join('\n', history)}");
            var key = $"{step.GetType().Name} {actual}";
            answers[key] = answers.GetValueOrDefault(key) + 1;
            Compare(model, bench, people, $"seed {seed}\n{string.Join('\n', history)}");
        }
    }

    private static void Compare(Model model, Bench bench, Person[] people, string history)
    {
        for (var i = 0; i < people.Length; i++)
        {
            Assert.True((model.Own[i], model.Given[i]) == (people[i].Balance, people[i].Granted),
                $"{i}: model {model.Own[i]} {model.Given[i]}, bank {people[i].Balance} {people[i].Granted}\n{history}");
        }

        Assert.Equal(model.Treasury, bench.BalanceOf(LedgerAddress.Treasury));
        Assert.All(model.Channels, channel => Assert.Equal(channel.Held, bench.BalanceOf(LedgerAddress.Channel(Bench.Id(1_000 + channel.Id)))));
    }

    internal static string Do(Step step, Bench bench, Person[] people) => step switch
    {
        Step.Send s => Of(people[s.By].Do(Person.Sending(s.Id, people[s.To], s.Amount))),
        Step.Pend s => Of(people[s.By].Do(people[s.By].Pending(s.Id, people[s.To], s.Amount, TimeSpan.FromMicroseconds(s.Life)))),
        Step.Post s => Of(people[s.By].Do(Person.Posting(s.Id, s.Pending, s.Amount))),
        Step.Void s => Of(people[s.By].Do(Person.Voiding(s.Id, s.Pending))),
        Step.Open s => Of(people[s.By].Channel(Opening(s, bench, people))),
        Step.Redeem s => Of(Redeem(s, bench, people)),
        Step.Close s => Of(people[s.By].Channel(new ChannelAct.Close(Bench.Id(1_000 + s.Channel).ToString(), []))),
        _ => $"{bench.Tick().Done}",
    };

    /// <summary>Vouchers of a channel are signed with the key of who has its number, whoever opened it.</summary>
    private static ChannelAct.Open Opening(Step.Open s, Bench bench, Person[] people) => new(
        Bench.Id(1_000 + s.Id).ToString(), people[s.Id % Steps.People].PublicKey, s.Reserve, string.Empty, bench.Now.Microseconds + Steps.ChannelLife,
        [people[(s.Id + 1) % Steps.People].Lane(s.Cap), people[(s.Id + 2) % Steps.People].Lane(s.Cap)]);

    private static RedeemResult Redeem(Step.Redeem s, Bench bench, Person[] people)
    {
        var signer = people[(s.Channel + (s.IsForged ? 1 : 0)) % Steps.People];
        return new Opened(bench, signer, Bench.Id(1_000 + s.Channel)).Redeem(people[s.Provider], s.Amount);
    }

    private static string Of(TransferResult result) => result.Failure > 0 ? $"{(FailureKind)(result.Failure - 1)}" : result.IsKnown ? "known" : "done";

    private static string Of(RedeemResult result) => result.Failure > 0 ? $"{(FailureKind)(result.Failure - 1)}" : $"{result.Paid}";

    private static string Of(Outcome<Done> done) => !done.Succeeded ? $"{done.Failure.Kind}" : done.Value.Changed ? "done" : "known";
}
