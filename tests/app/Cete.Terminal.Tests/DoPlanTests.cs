using Cete.App.Verbs.Do;
using Cete.App.Verbs.Open.Model;
using Cete.Core;
using Cete.Testing;

namespace Cete.Terminal.Tests;

/// <summary>The words of <c>cete do</c>.</summary>
public sealed class DoPlanTests
{
    private static readonly Scene Polls = Bench.SceneOf(File.ReadAllText(Descriptions.Own("polls")));

    [Theory]
    [InlineData("polls create question=Tea", nameof(CommandKind.Create), "polls", 0, """{"question":"Tea"}""")]
    [InlineData("polls 3 update many=yes about=", nameof(CommandKind.Update), "polls", 3, """{"many":true,"about":null}""")]
    [InlineData("polls/3 delete", nameof(CommandKind.Delete), "polls", 3, "{}")]
    [InlineData("polls 3 restore", nameof(CommandKind.Restore), "polls", 3, "{}")]
    [InlineData("choices 7 vote", nameof(CommandKind.Act), "vote", 7, "{}")]
    [InlineData("vote 7", nameof(CommandKind.Act), "vote", 7, "{}")]
    [InlineData("polls create question==a closes=2026-11-24T10:00Z", nameof(CommandKind.Create), "polls", 0,
        """{"question":"=a","closes":"2026-11-24T10:00:00Z"}""")]
    [InlineData("polls create question=@file about=@@home", nameof(CommandKind.Create), "polls", 0, """{"question":"of file","about":"@home"}""")]
    public void Words_are_commands(string words, string what, string name, long id, string fields)
    {
        var command = Read(words);
        Assert.True(command.Succeeded, command.Failure?.Message);
        Assert.Equal((what, name, id), (command.Value.What.ToString(), command.Value.Name, command.Value.Id ?? 0));
        Assert.Equal(fields, command.Value.Fields.ToJsonString());
    }

    [Theory]
    [InlineData("poll create", "no records and no action 'poll'; there are the records polls, choices, votes")]
    [InlineData("polls", "what is to be done with polls?")]
    [InlineData("polls update question=a", "say which of polls, by its number")]
    [InlineData("polls 3 create", "has no number yet")]
    [InlineData("polls 3 vote", "is not done to polls but to choices")]
    [InlineData("polls 3 vanish", "know no 'vanish'")]
    [InlineData("vote", "say which by its number")]
    [InlineData("vote x", "stands the number of a record")]
    [InlineData("polls create question=Two words", "quotation marks")]
    [InlineData("polls create", "question is needed")]
    [InlineData("polls create question=a many=perhaps closes=x", "many: 'perhaps' is not true or false\ncloses: 'x' is not a moment")]
    [InlineData("polls create question=a state=open", "state is set by the service itself")]
    [InlineData("polls create question=a colour=red", "colour is no field here; there are question, about")]
    [InlineData("polls create question=a question=b", "question is given twice")]
    [InlineData("polls 3 update", "say what is to be changed")]
    [InlineData("vote 7 x=1", "x: no fields are given here")]
    [InlineData("polls create question=@gone", "question: the file cannot be read")]
    public void What_is_wrong_is_told(string words, string part)
    {
        var command = Read(words);
        Assert.False(command.Succeeded);
        Assert.Contains(part, command.Failure.Message, StringComparison.Ordinal);
    }

    private static Outcome<RecordCommand> Read(string words)
    {
        var plan = DoPlan.Read(Polls.Service, words.Split(' '));
        return plan.Succeeded
            ? DoFields.Read(plan.Value, TimeZoneInfo.Utc, file => file == "file" ? "of file" : new Failure(FailureKind.NotFound, "the file cannot be read"))
            : plan.Failure;
    }
}
