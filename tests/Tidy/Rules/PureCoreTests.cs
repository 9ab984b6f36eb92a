namespace Cete.Tidy.Tests.Rules;

public sealed class PureCoreTests
{
    [Fact]
    public void CoresNeverWait() => Tidy.AssertClean(PureCore.Findings(Checkout.Here));

    [Fact]
    public void WaitingIsFoundInCodeOnly()
    {
        const string Text = """
            // await a Task in a comment
            /// <see cref="Task"/>
            class A
            {
                string a = "lock (this) async Thread";
                string b = $"Task {await X()}";
                async void F() { }
                Task? t; ValueTask<int> v; System.Threading.Thread w;
                void G() { lock (this) { } }
                void H() { int lockCount = 0, TaskId = 1, @async = 2; Unlock(lockCount); }
            }
            """;
        var planted = Checkout.Planted(("src/core/Cete.A/A.cs", Text), ("src/runtime/Cete.B/A.cs", Text));
        int[] lines = [6, 7, 8, 8, 8, 9];
        Tidy.AssertFound(PureCore.Findings(planted), [.. lines.Select(line => $"src/core/Cete.A/A.cs:{line}")]);
    }
}
