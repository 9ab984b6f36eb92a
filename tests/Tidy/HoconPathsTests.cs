namespace Cete.Tidy.Tests;

public sealed class HoconPathsTests
{
    [Fact]
    public void PathsAreCollectedWithTheirLinesAndComments()
    {
        var entries = HoconPaths.Collect(""""
            include "other.conf"
            # The program.
            cete {
              http {
                # Where it listens.
                listen = "0.0.0.0:80" # why
                listen = ${?CETE_LISTEN}

                port: 80, host = "a { b" // two on a line
              }
              // Dotted.
              a.b."c d" = [1, { x = 2 }, # not an entry
                3]
              text = """ { } # no comment
              y = 1 """
              empty {}
              url = "http://x", more += 1
              merged = ${cete.http} { z = 1 }
            }
            cete.last = 1s
            """");
        Assert.Equal(
            [
                "cete:3 c", "cete.http:4", "cete.http.listen:6 lc", "cete.http.listen:7 l", "cete.http.port:9 l", "cete.http.host:9 l",
                "cete.a.b.c d:12 lc", "cete.text:14 l", "cete.empty:16 l", "cete.url:17 l", "cete.more:17 l", "cete.merged:18 l",
                "cete.last:20 l",
            ],
            entries.Select(Show));
    }

    [Fact]
    public void ARootInBracesIsTheSame() => Assert.Equal(["a:1", "a.b:1 l"], HoconPaths.Collect("{ a { b = 1 } }").Select(Show));

    private static string Show(HoconPaths.Entry entry)
    {
        var marks = (entry.IsLeaf ? "l" : string.Empty) + (entry.IsExplained ? "c" : string.Empty);
        return $"{entry.Path}:{entry.Line} {marks}".TrimEnd();
    }
}
