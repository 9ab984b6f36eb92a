using Cete.Core;

namespace Cete.Actors.Tests;

public sealed class AskTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private readonly World _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_reply_wins()
    {
        var actor = Server(r =>
        {
            Assert.False(r.IsDone);
            r.Reply("one");
            Assert.True(r.IsDone);
            r.Reply("two");
            r.Fail(new FormatException());
        });
        var ask = actor.AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        Assert.Equal(1, _world.Time.TimerCount);
        _world.Run();
        Assert.Equal("one", await ask);
        Assert.Equal(0, _world.Time.TimerCount);
        Assert.Empty(_world.Failures);
    }

    [Fact]
    public async Task A_failure_reaches_the_asker()
    {
        var ask = Server(r => r.Fail(new FormatException("no"))).AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        _world.Run();
        Assert.Equal("no", (await Assert.ThrowsAsync<FormatException>(() => ask)).Message);
    }

    [Fact]
    public async Task Without_a_reply_the_deadline_ends_it_and_a_late_reply_is_ignored()
    {
        ReplyTo<string> late = default;
        var ask = Server(r => late = r).AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        _world.Run();
        _world.Advance(4.9);
        Assert.False(ask.IsCompleted);
        _world.Advance(0.1);
        Assert.Contains("test/server", (await Assert.ThrowsAsync<AskTimeoutException>(() => ask)).Message, StringComparison.Ordinal);
        late.Reply("late");
        Assert.True(late.IsDone);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        using var source = new CancellationTokenSource();
        var actor = Server(_ => { });
        var ask = actor.AskAsync<Question, string>(r => new Question(r), Deadline, source.Token);
        _world.Run();
        await source.CancelAsync();
        Assert.Equal(source.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ask)).CancellationToken);
        Assert.Equal(0, _world.Time.TimerCount);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => actor.AskAsync<Question, string>(r => new Question(r), Deadline, source.Token));
    }

    [Theory]
    [InlineData(MailboxOverflow.Reject)]
    [InlineData(MailboxOverflow.DropNewest)]
    public async Task A_full_mailbox_and_a_stopped_actor_are_told_apart(MailboxOverflow overflow)
    {
        var actor = Server(r => r.Reply("x"), new ActorOptions { MailboxCapacity = 1, Overflow = overflow });
        var first = actor.AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        await Assert.ThrowsAsync<MailboxFullException>(() => actor.AskAsync<Question, string>(r => new Question(r), Deadline, Token));
        _world.Run();
        Assert.Equal("x", await first);
        _world.System.Stop(actor);
        _world.Run();
        await Assert.ThrowsAsync<ActorStoppedException>(() => actor.AskAsync<Question, string>(r => new Question(r), Deadline, Token));
    }

    [Fact]
    public async Task An_ask_that_waits_in_a_mailbox_fails_when_the_actor_stops_or_drops_it()
    {
        var stopping = Server(_ => { });
        var waiting = stopping.AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        _world.System.Stop(stopping);

        var latest = new ActorOptions { MailboxCapacity = 1, Overflow = MailboxOverflow.DropOldest };
        var dropping = Server(r => r.Reply("x"), latest, "dropping");
        var dropped = dropping.AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        var kept = dropping.AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        _world.Run();
        await Assert.ThrowsAsync<ActorStoppedException>(() => waiting);
        await Assert.ThrowsAsync<MailboxFullException>(() => dropped);
        Assert.Equal("x", await kept);
        Assert.Equal(0, _world.Time.TimerCount);
    }

    [Fact]
    public void What_awaits_a_reply_does_not_run_in_the_turn()
    {
        var inTurn = 0;
        var ranInTurn = -1;
        using var ran = new ManualResetEventSlim();
        var actor = Server(r =>
        {
            inTurn = Environment.CurrentManagedThreadId;
            r.Reply("x");

            // The turn goes on until the continuation has run, so it can only run elsewhere.
            Assert.True(ran.Wait(TimeSpan.FromSeconds(60), Token));
        });
        _ = actor.AskAsync<Question, string>(r => new Question(r), Deadline, Token).ContinueWith(
            _ =>
            {
                ranInTurn = Environment.CurrentManagedThreadId;
                ran.Set();
            },
            Token,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _world.Run();
        Assert.NotEqual(inTurn, ranInTurn);
        Assert.Empty(_world.Failures);
    }

    [Fact]
    public void A_default_ReplyTo_is_nobody()
    {
        ReplyTo<int> nobody = default;
        nobody.Reply(1);
        nobody.Fail(new FormatException());
        Assert.True(nobody.IsDone);
        Assert.True(nobody == default);
    }

    [Fact]
    public void An_actor_asks_and_gets_a_message_of_its_own()
    {
        ReplyTo<string> late = default;
        var server = Server(r => late = r);
        var gone = Server(_ => { }, name: "gone");
        _world.System.Stop(gone);
        _world.Run();
        _world.Probe("a", (me, m) =>
        {
            if (m == "go")
            {
                me.Ctx.Ask<Question, string>(server, r => new Question(r), Deadline, v => $"got {v}", e => e.GetType().Name);
                me.Ctx.Ask<Question, string>(gone, r => new Question(r), Deadline, v => $"got {v}", e => e.GetType().Name);
            }
        }).Tell("go");
        _world.Run();
        Assert.Equal("a:ActorStoppedException", _world.Log[^1]);
        late.Reply("it");
        late.Reply("again");
        _world.Advance(10);
        Assert.Equal(["a started", "a:go", "a:ActorStoppedException", "a:got it"], _world.Log);
        Assert.Equal(0, _world.Time.TimerCount);
    }

    [Fact]
    public void An_actors_ask_has_a_deadline_and_its_bugs_are_its_own()
    {
        var server = Server(r => r.Reply("x"));
        var silent = Server(_ => { }, name: "silent");
        var asker = _world.Probe("a", (me, m) =>
        {
            if (m == "deadline")
            {
                me.Ctx.Ask<Question, string>(silent, r => new Question(r), Deadline, v => v, e => e.GetType().Name);
            }
            else if (m == "bug")
            {
                me.Ctx.Ask<Question, string>(server, r => new Question(r), Deadline, _ => throw new FormatException(), e => "no");
            }
        });
        asker.Tell("deadline");
        _world.Run();
        _world.Advance(5);
        Assert.Equal("a:AskTimeoutException", _world.Log[^1]);
        asker.Tell("bug");
        _world.Run();
        Assert.True(asker.IsStopped);
        Assert.False(server.IsStopped);
    }

    [Fact]
    public void A_piped_task_comes_back_as_a_message()
    {
        _world.Probe("a", (me, m) =>
        {
            if (m == "go")
            {
                me.Ctx.PipeTo(Task.FromResult(7), v => $"got {v}", e => e.Message);
                me.Ctx.PipeTo(Task.FromException<int>(new FormatException("bad")), v => $"got {v}", e => e.Message);
            }
        }).Tell("go");
        _world.Run();
        Assert.Equal(["a:got 7", "a:bad"], _world.Log.Skip(2));
    }

    [Fact]
    public async Task A_stashed_ask_fails_at_once_when_it_is_lost_and_is_answered_when_it_comes_back()
    {
        var actor = _world.System.Spawn("server", () => new Stashing(), new ActorOptions { StashCapacity = 2 });
        Task<string> Ask(string text) => actor.AskAsync<Asked, string>(r => new Asked(text, r), Deadline, Token);
        var (answered, kept, beyond) = (Ask("later"), Ask("never"), Ask("never"));
        _world.Run();
        await Assert.ThrowsAsync<MailboxFullException>(() => beyond);

        actor.Tell(new Asked("open", default));
        _world.Run();
        Assert.Equal("later", await answered);
        Assert.False(kept.IsCompleted);
        _world.System.Stop(actor);
        _world.Run();
        await Assert.ThrowsAsync<ActorStoppedException>(() => kept);
        Assert.Equal([DeadLetterReason.StashFull, DeadLetterReason.Stopped], _world.DeadLetters.Select(d => d.Reason));
        Assert.Equal(0, _world.Time.TimerCount);
    }

    [Fact]
    public async Task Another_message_than_the_asked_one_does_not_take_the_ask_along()
    {
        var actor = _world.System.Spawn("server", () => new Stashing { Other = new Asked("never", default) });
        var ask = actor.AskAsync<Asked, string>(r => new Asked("other", r), Deadline, Token);
        _world.Run();
        _world.System.Stop(actor);
        _world.Run();
        Assert.Single(_world.DeadLetters);
        Assert.False(ask.IsCompleted);
        _world.Advance(5);
        await Assert.ThrowsAsync<AskTimeoutException>(() => ask);
    }

    [Fact]
    public async Task A_failing_handler_leaves_the_ask_to_its_deadline_or_to_whom_it_was_handed_on()
    {
        ReplyTo<string> handedOn = default;
        var options = new ActorOptions { Supervision = SupervisionStrategy.Restart with { BackoffMin = TimeSpan.Zero } };
        var actor = Server(
            r =>
            {
                handedOn = r;
                throw new FormatException();
            },
            options);
        var first = actor.AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        _world.Run();
        handedOn.Reply("from elsewhere");
        Assert.Equal("from elsewhere", await first);
        var second = actor.AskAsync<Question, string>(r => new Question(r), Deadline, Token);
        _world.Run();
        Assert.False(second.IsCompleted);
        _world.Advance(5);
        await Assert.ThrowsAsync<AskTimeoutException>(() => second);
    }

    [Fact]
    public void Bad_deadlines_are_bugs()
    {
        var actor = Server(_ => { });
        foreach (var bad in new[] { TimeSpan.Zero, TimeSpan.FromSeconds(-1), TimeSpan.FromDays(24.1) })
        {
            Assert.Throws<CheckFailedException>(() => { _ = actor.AskAsync<Question, string>(r => new Question(r), bad, Token); });
        }
    }

    private ActorRef<Question> Server(Action<ReplyTo<string>> answer, ActorOptions? options = null, string name = "server") =>
        _world.System.Spawn(name, () => new Answering(answer), options);

    private sealed record Question(ReplyTo<string> ReplyTo);

    private sealed record Asked(string Text, ReplyTo<string> ReplyTo);

    /// <summary>Puts aside what is not for now: all until "open", "never" for ever, and for "other" something else.</summary>
    private sealed class Stashing : Actor<Asked>
    {
        private bool _isOpen;

        public Asked? Other { get; init; }

        protected override void Receive(Asked message)
        {
            if (message.Text == "open")
            {
                _isOpen = true;
                Context.UnstashAll();
            }
            else if (message.Text == "later" && _isOpen)
            {
                message.ReplyTo.Reply(message.Text);
            }
            else
            {
                Context.Stash(message.Text == "other" ? Other! : message);
            }
        }
    }

    private sealed class Answering(Action<ReplyTo<string>> answer) : Actor<Question>
    {
        protected override void Receive(Question message) => answer(message.ReplyTo);
    }
}
