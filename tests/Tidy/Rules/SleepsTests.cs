namespace Cete.Tidy.Tests.Rules;

public sealed class SleepsTests
{
    [Fact]
    public void TestsDoNotSleep() => Tidy.AssertClean(Sleeps.Findings(Checkout.Here));

    [Fact]
    public void SleepsAreFound()
    {
        const string Text = """
            // Thread.Sleep(1)
            Thread.Sleep(1);
            await Task.Delay(1);
            await System.Threading.Tasks.Task
                .Delay(TimeSpan.FromSeconds(1), clock);
            SpinWait.SpinUntil(() => done, 1000);
            var words = "Task.Delay";
            """;
        var planted = Checkout.Planted(
            ("tests/core/A.cs", Text), ("tests/Testing/Eventually.cs", Text), ("src/runtime/A.cs", Text));
        Tidy.AssertFound(Sleeps.Findings(planted), "tests/core/A.cs:2", "tests/core/A.cs:3", "tests/core/A.cs:4", "tests/core/A.cs:6");
    }
}
