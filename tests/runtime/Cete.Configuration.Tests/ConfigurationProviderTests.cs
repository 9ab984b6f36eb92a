using Cete.Hocon;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Cete.Configuration.Tests;

public sealed class ConfigurationProviderTests
{
    private sealed record Server(string Host, int Port);

    private sealed class Site
    {
        public string Name { get; set; } = string.Empty;

        public bool Open { get; set; }

        public TimeSpan? Wait { get; set; } = TimeSpan.Zero;

        public List<Server> Servers { get; set; } = [];

        public string[] Tags { get; set; } = ["old"];

        public Dictionary<string, double> Weights { get; set; } = [];
    }

    [Fact]
    public void PathsBecomeKeysAndArraysBecomeIndices()
    {
        var configuration = Build("a { b = 1, C = [x, [y], {z = true}], empty = [], nothing {}, none = null }\na.\"d.e\" = 2");
        (string Key, string? Value)[] expected =
        [
            ("a:b", "1"), ("A:c:0", "x"), ("a:C:1:0", "y"), ("a:C:2:z", "true"), ("a:empty", ""), ("a:nothing", null), ("a:none", null), ("a:d.e", "2"),
        ];
        Assert.All(expected, e => Assert.Equal(e.Value, configuration[e.Key]));
        Assert.Equal(["b", "C", "d.e", "empty", "none", "nothing"], configuration.GetSection("a").GetChildren().Select(child => child.Key));
    }

    [Fact]
    public void ItBindsToTypes()
    {
        var site = new Site();
        Build(
            """
            base = node
            site {
              name = ${base}-1, open = true, wait = "00:00:05", tags = [a, b]
              servers = [{ host = x, port = 1 }, { host = y, port = 2 }]
              weights { a = 0.5, b = 2 }
            }
            """).GetSection("site").Bind(site);
        Assert.Equal(("node-1", true, TimeSpan.FromSeconds(5)), (site.Name, site.Open, site.Wait));
        Assert.Equal([new Server("x", 1), new Server("y", 2)], site.Servers);
        Assert.Equal(["old", "a", "b"], site.Tags);
        Assert.Equal(0.5, site.Weights["a"]);
    }

    [Fact]
    public void ALaterSourceWinsAsAlways()
    {
        var configuration = new ConfigurationBuilder()
            .AddHocon(HoconDocument.Load("a.b = 1, a.c = 1", "x"))
            .AddInMemoryCollection([new("a:b", "2")])
            .Build();
        Assert.Equal(("2", "1"), (configuration["a:b"], configuration["a:c"]));
    }

    [Fact]
    public void AChangeIsSeenAndTheTokenFires()
    {
        var tree = new LiveSettings<HoconObject>(HoconDocument.Load("a = 1, b = 1", "x"));
        var configuration = new ConfigurationBuilder().AddHocon(tree).Build();
        List<string?> seen = [];
        using var subscription = ChangeToken.OnChange(configuration.GetReloadToken, () => seen.Add(configuration["a"]));
        tree.Change(HoconDocument.Load("a = 2", "x"));
        tree.Change(HoconDocument.Load("a = 3", "x"));
        Assert.Equal(["2", "3"], seen);
        Assert.Null(configuration["b"]);
        (configuration as IDisposable)?.Dispose();
        tree.Change(HoconDocument.Load("a = 4", "x"));
        Assert.Equal("3", configuration["a"]);
    }

    private static IConfigurationRoot Build(string text) => new ConfigurationBuilder().AddHocon(HoconDocument.Load(text, "x")).Build();
}
