using System.Globalization;
using Cete.Core;
using Cete.Ports;

namespace Cete.Web.Pages.Downloads;

/// <summary>A box of the picture of who sends to whom.</summary>
/// <param name="X">Its left.</param>
/// <param name="Y">Its top.</param>
/// <param name="Lines">What stands in it, the first line in bold.</param>
/// <param name="Title">All of it, for those who point at it.</param>
/// <param name="Style">How it is drawn: its class.</param>
public sealed record ChainBox(double X, double Y, IReadOnlyList<string> Lines, string Title, string Style);

/// <summary>A line of the picture, in the way in which bytes go.</summary>
/// <param name="Path">As SVG has it.</param>
/// <param name="Width">The wider the more bytes a second.</param>
/// <param name="IsActive">Bytes go now.</param>
public sealed record ChainLine(string Path, string Width, bool IsActive);

/// <summary>
/// Who sends to whom as far as an agent knows: those who give on the left, itself in the middle, those who get on the right. Who does both stands on both
/// sides.
/// </summary>
public sealed class ChainPicture
{
    /// <summary>Its width; its height follows from how many there are.</summary>
    public const int Width = 420;

    /// <summary>Width of a box.</summary>
    public const int BoxWidth = 112;

    /// <summary>Height of a box.</summary>
    public const int BoxHeight = 48;

    private const int SideMax = 8;
    private const int Gap = 10;
    private const int NameMax = 16;
    private const double LineMin = 1;
    private const double LineMax = 6;

    private readonly List<ChainBox> _boxes = [];
    private readonly List<ChainLine> _lines = [];

    /// <summary>Draws it.</summary>
    /// <param name="job">The download.</param>
    /// <param name="details">What it does.</param>
    public ChainPicture(DownloadJob job, JobDetails details)
    {
        var givers = details.Peers.Where(peer => peer.Received > 0).ToList();
        var takers = details.Peers.Where(peer => peer.Sent > 0).OrderByDescending(peer => peer.Sent).ToList();
        (Givers, Takers) = (givers.Count, takers.Count);
        Idle = details.Peers.Count(peer => peer is { Received: 0, Sent: 0 });
        var rows = Math.Max(1, Math.Max(Math.Min(givers.Count, SideMax), Math.Min(takers.Count, SideMax)));
        Height = (rows * (BoxHeight + Gap)) + Gap;
        var most = details.Peers.SelectMany(peer => (long[])[peer.Down, peer.Up]).DefaultIfEmpty(0).Max();
        const double middle = (Width - BoxWidth) / 2.0;
        var here = (Height - BoxHeight) / 2.0;
        foreach (var (peer, y) in Placed(givers))
        {
            AddLine(2 + BoxWidth, y, middle, here, peer.Down, most);
            Add(2, y, peer, peer.Received, peer.Down);
        }

        foreach (var (peer, y) in Placed(takers))
        {
            AddLine(middle + BoxWidth, here, Width - BoxWidth - 2, y, peer.Up, most);
            Add(Width - BoxWidth - 2, y, peer, peer.Sent, peer.Up);
        }

        _boxes.Add(new ChainBox(
            middle, here, ["You", $"{DownloadWords.Share(job.Progress)} here", $"↓ {DownloadWords.Rate(details.Down)}"],
            $"This agent: {DownloadWords.Share(job.Progress)} are here", "chain-self"));
    }

    /// <summary>Its height.</summary>
    public int Height { get; }

    /// <summary>Those who gave something.</summary>
    public int Givers { get; }

    /// <summary>Those who were given something.</summary>
    public int Takers { get; }

    /// <summary>Those who are known and did neither.</summary>
    public int Idle { get; }

    /// <summary>Its boxes.</summary>
    public IReadOnlyList<ChainBox> Boxes => _boxes;

    /// <summary>Its lines, to be drawn below the boxes.</summary>
    public IReadOnlyList<ChainLine> Lines => _lines;

    /// <summary>In a sentence.</summary>
    public string Summary => (Givers, Takers) switch
    {
        (0, 0) => "Nothing came and nothing was given yet",
        _ => $"{Sizes.Count(Givers, "gives", "give")} to you, and you gave to {Sizes.Digits(Takers)}",
    } + (Idle > 0 ? $"; {Sizes.Digits(Idle)} more {(Idle == 1 ? "is" : "are")} known" : string.Empty)
        + (Math.Max(Givers, Takers) > SideMax ? $". The {SideMax} that move most are drawn" : string.Empty) + ".";

    private IEnumerable<(JobPeer Peer, double Y)> Placed(List<JobPeer> peers)
    {
        var count = Math.Min(SideMax, peers.Count);
        var top = (Height - (count * (BoxHeight + Gap)) + Gap) / 2.0;
        return peers.Take(count).Select((peer, i) => (peer, top + (i * (BoxHeight + Gap))));
    }

    private void Add(double x, double y, JobPeer peer, long bytes, long rate)
    {
        var address = EntryName.Show(peer.Address);
        var kind = peer.Kind == JobSourceKind.Unknown ? "peer" : peer.Kind.ToString().ToLowerInvariant();
        var has = peer.Share is null ? string.Empty : ", has " + DownloadWords.Has(peer);
        _boxes.Add(new ChainBox(
            x, y, [Short(address), kind + has, rate > 0 ? DownloadWords.Rate(rate) : Sizes.Show(bytes)],
            $"{address}: {kind}{has}, {Sizes.Show(bytes)}, {DownloadWords.Rate(rate)}", $"chain-{kind}"));
    }

    private void AddLine(double x1, double y1, double x2, double y2, long rate, long most)
    {
        var (from, to) = (y1 + (BoxHeight / 2.0), y2 + (BoxHeight / 2.0));
        var middle = (x1 + x2) / 2;
        _lines.Add(new ChainLine(
            string.Create(CultureInfo.InvariantCulture, $"M{x1:0.#} {from:0.#}C{middle:0.#} {from:0.#} {middle:0.#} {to:0.#} {x2:0.#} {to:0.#}"),
            (most == 0 ? LineMin : LineMin + ((LineMax - LineMin) * rate / most)).ToString("0.#", CultureInfo.InvariantCulture), rate > 0));
    }

    private static string Short(string text) => text.Length <= NameMax ? text : text[..(NameMax - 1)] + "…";
}
