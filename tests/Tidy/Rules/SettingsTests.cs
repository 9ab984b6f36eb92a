namespace Cete.Tidy.Tests.Rules;

public sealed class SettingsTests
{
    private const string Source = "src/runtime/Cete.A/Options.cs";

    [Fact]
    public void SettingsAndReferenceAgree() => Tidy.AssertClean(Settings.Findings(Checkout.Here));

    [Fact]
    public void NeitherOnesIsFine() => Tidy.AssertFound(Settings.Findings(Checkout.Planted((Source, "class A { }"))));

    [Fact]
    public void EveryDisagreementIsFound()
    {
        var planted = Checkout.Planted(
            (Source, """
            /// <code>[Setting("cete.in.a.comment")]</code>
            public sealed record Options([property: Setting("cete.a.listen")] string Listen)
            {
                [Setting("cete.a.missing")]
                public int Missing { get; init; }

                [Range(1, 2), Setting("cete.a.silent")]
                public int Silent { get; init; }

                [SettingAttribute("cete.levels")]
                public Map Levels { get; init; }

                [Setting(Prefix + "x")]
                public int Unreadable { get; init; }
            }
            """),
            (Settings.Reference, """
            cete.a {
              # Where it listens.
              listen = "x"

              silent = 1
              # Nobody reads this.
              unknown = 2
            }
            # Names to levels.
            cete.levels { default = info, net = debug }
            """));
        Tidy.AssertFound(
            Settings.Findings(planted), $"{Source}:4", $"{Source}:13", $"{Settings.Reference}:5", $"{Settings.Reference}:7");
    }

    [Fact]
    public void ASettingWithoutAnyReferenceFileIsFound() =>
        Tidy.AssertFound(Settings.Findings(Checkout.Planted((Source, "class A { [Setting(\"cete.x\")] int X; }"))), $"{Source}:1");
}
