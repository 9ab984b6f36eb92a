using System.Text.Json.Nodes;
using Cete.Core;
using Cete.Net;
using Cete.Net.Tls;

namespace Cete.App.Verbs.Demo;

/// <summary>The demo's step with a described service: a lending library, published from the file that the program has with it.</summary>
internal sealed class DemoServices(DemoNodes nodes, string folder)
{
    /// <summary>The sample's name, as a service and within the program: it is there wherever the program is, as one file too.</summary>
    private const string Library = "library";

    private static readonly (string Title, string Author, string Shelf)[] Books =
    [
        ("The Dispossessed", "Ursula K. Le Guin", "fiction"), ("Solaris", "Stanisław Lem", "fiction"), ("Cosmos", "Carl Sagan", "science"),
        ("The Histories", "Herodotus", "history"),
    ];

    /// <summary>Null when the books are to be found in it.</summary>
    public async Task<Failure?> RunAsync(CancellationToken stop)
    {
        DemoScript.Say("service  a lending library, described by one file: published, with a few books in it");
        var file = Path.Combine(folder, Library + ".conf");
        await using (var source = typeof(DemoServices).Assembly.GetManifestResourceStream(Library + ".conf")!)
        await using (var target = File.Create(file))
        {
            await source.CopyToAsync(target, stop);
        }

        var published = await OwnProgram.CallAsync(["service", "publish", file, "--yes", "--node", nodes.Address.AbsoluteUri], stop);
        if (!published.Succeeded)
        {
            return published.Failure;
        }

        await using var client = Common.ConnectOnly(nodes.Address, TlsTrust.OfSystem);
        var services = new ServicesClient(client);
        foreach (var (title, author, shelf) in Books)
        {
            var made = await services.CreateAsync(
                Library, "books", new JsonObject { ["title"] = title, ["author"] = author, ["shelf"] = shelf }, null, stop);
            if (!made.Succeeded)
            {
                return made.Failure;
            }
        }

        var listed = await services.ListAsync(stop);
        return listed.Failure ?? DemoScript.Check(
            listed.Value.Services.Any(service => service.Name == Library), "the library is not among the services",
            $"{Books.Length} books, at {new Uri(nodes.Address, "/services/library")}; 'cete service show library' tells what it is made of");
    }
}
