using Cete.Core;
using Cete.Groups;

namespace Cete.Web.Tests.Support;

/// <summary>A community with something of everything, for tests that only read.</summary>
public sealed class SharedSite : IAsyncLifetime
{
    /// <summary>Entries of the folder /Many.</summary>
    public const int Many = 120;

    /// <summary>Folders of the folder /Nested.</summary>
    public const int Nested = 130;

    /// <summary>Names that mean something to HTML, addresses, shells, fonts or the direction of text.</summary>
    internal static readonly string[] HostileNames =
    [
        "<script>alert(1)<script>.html",
        "\"><img src=x onerror=alert(1)>.png",
        "it's & it&amp;s 100%25 #1?a=b+c;d.txt",
        "..%2F..%2Fetc%2Fpasswd",
        "back\\slash and 'quote'.mp3",
        "{{7*7}} @Model $(reboot) `id`.sh",
        "-rf",
        new string('n', 251) + ".zip",
        "\u202Fnarrow\u00A0space\u200Dzero\u200Bwidth",
        "\u0645\u0631\u062D\u0628\u0627 \u05E9\u05DC\u05D5\u05DD.pdf",
        "\U0001F9A1\U0001F9A1 \u2603\uFE0F caf\u00E9.webm",
        " leading and trailing ",
    ];

    internal Site Site { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Site = await Site.StartAsync();
        var many = Enumerable.Range(1, Many).Select(i => Site.Entry($"/Many/file {i}.bin", new byte[1 + (i * 37 % 53)], "counted", "even" + (i % 2)));
        await Site.FileAsync([.. many]);
        await Site.FileAsync([.. HostileNames.Select(name => Site.Entry("/Hostile/" + name, "about <b>it</b> & \"more\"\r\nsecond line"))]);
        await Site.FileAsync(
            Site.Entry("/Top note.txt", "plain", "start"),
            Site.Entry("/Art/Summer/Sunset.png", "A picture of the sea.", "sea", "photo"),
            Site.Entry("/Art/Summer/Notes.svg"),
            Site.Elsewhere("/Far/away.iso", 5_000_000_000));
        for (var i = 1; i <= Nested; i++)
        {
            await Site.Index.MakeFolderAsync(EntryPath.Parse($"/Nested/f{i}").Value, Asker.Local, null, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
