namespace Cete.Tidy.Tests.Rules;

public sealed class SettingsTests
{
    private const string Source = "src/runtime/Cete.Configuration/Options.cs";

    [Fact]
    public void SettingsAndReferenceAgree() => Tidy.AssertClean(Settings.Findings(Checkout.Here));

    [Fact]
    public void NeitherOnesIsFine() => Tidy.AssertFound(Settings.Findings(Checkout.Planted((Source, "class A { }"))));

    [Fact]
    public void EveryDisagreementIsFound()
    {
        var planted = Checkout.Planted(
            (Source, """
            /// <code>reader.Text("cete.in.a-comment")</code>
            public sealed record Options
            {
                public const string ListenPath = "cete.a.listen";

                public static Options Read(Reader from) => new()
                {
                    Listen = from.Text(ListenPath),
                    Missing = from.Number("cete.a.missing", 1, 2),
                    Silent = from.Number("cete.a.silent", 1, 2),
                    Again = from.Number("cete.a.silent", 3, 4),
                    Levels = from.Map("cete.log.levels"),
                    NotOne = from.File("cete.conf"),
                };
            }
            """),
            ("src/runtime/Cete.Actors/Metrics.cs", "class A { string name = \"cete.actors.count\"; }"),
            (Settings.Reference, """
            cete.a {
              # Where it listens.
              listen = "x"

              silent = 1
              # Nobody reads this.
              unknown = 2
            }
            # Names to levels.
            cete.log.levels { default = info, net = debug }
            """));
        Tidy.AssertFound(
            Settings.Findings(planted), $"{Source}:9", $"{Source}:11", $"{Settings.Reference}:5", $"{Settings.Reference}:7");
    }

    [Fact]
    public void ASettingWithoutAnyReferenceFileIsFound() =>
        Tidy.AssertFound(Settings.Findings(Checkout.Planted((Source, "class A { string X = \"cete.a.x\"; }"))), $"{Source}:1");
}
