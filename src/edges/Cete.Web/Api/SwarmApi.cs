using System.Net;
using Cete.Api;
using Cete.Core;
using Cete.Index.Swarms;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Swarm;
using Cete.Web.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Cete.Web.Api;

/// <summary>The swarms of contents, as a node with the index plans them.</summary>
/// <param name="Service">Plans, or passes on to who does.</param>
/// <param name="Self">This node as a peer, by the content and the host by which the asker reached it; null where it takes no tickets.</param>
/// <param name="Rooms">Who listens to this node.</param>
public sealed record SwarmParts(SwarmService Service, Func<IContentFile, string, SwarmReport?> Self, IUploadRooms Rooms);

/// <summary>Where peers report, and are told whom to ask.</summary>
internal sealed class SwarmApi(SwarmParts swarms, IContentStore contents)
{
    private const string Heading = "Contents";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Routes.Contents + "/{root}/announces", (HttpContext context, string root, CancellationToken stop) =>
                ApiAnswers.CommandAsync<SwarmRequest, SwarmAnswer>(
                    context, ApiJson.Default.SwarmRequest, ApiJson.Default.SwarmAnswer, (body, _) => AnnounceAsync(context, root, body, stop)))
            .Tells(Heading, "A peer of a content's swarm reports, and is told whom to ask").Takes<SwarmRequest>().Gives<SwarmAnswer>();
        routes.MapPost(Routes.Holdings, (HttpContext context, CancellationToken stop) =>
                ApiAnswers.CommandAsync<HoldingsRequest, HoldingsAnswer>(
                    context, ApiJson.Default.HoldingsRequest, ApiJson.Default.HoldingsAnswer, (body, _) => TellAsync(context, body, stop)))
            .Tells(Heading, "A peer tells which contents it has whole").Takes<HoldingsRequest>().Gives<HoldingsAnswer>();
    }

    private async Task<Outcome<SwarmAnswer>> AnnounceAsync(HttpContext context, string name, SwarmRequest body, CancellationToken stop)
    {
        if (!Hash256.TryParse(name, out var root))
        {
            return new Failure(FailureKind.Invalid, "a content is named by the 64 hexadecimal digits of its root");
        }

        var asker = AskerOf(context);
        await AnnounceSelfAsync(context, root, stop);
        var report = ReadReport(body);
        var advice = report.Succeeded ? await swarms.Service.AnnounceAsync(root, report.Value, asker, stop) : report.Failure;
        return advice.Then(told => new SwarmAnswer(
            [.. told.Neighbours.Select(peer => peer.ToString())], told.Next.TotalMilliseconds, told.Rarest, told.IsAskedToStay, told.IsSuperSeeding,
            told.HasSource, told.Peers));
    }

    private async Task<Outcome<HoldingsAnswer>> TellAsync(HttpContext context, HoldingsRequest body, CancellationToken stop)
    {
        var report = ReadReport(body);
        var told = report.Succeeded ? await swarms.Service.TellAsync(report.Value, AskerOf(context), stop) : report.Failure;
        return told.Then(advice => new HoldingsAnswer(advice.Valid.TotalSeconds));
    }

    private static SwarmAsker AskerOf(HttpContext context)
    {
        var host = ApiAnswers.HostOf(context);
        return new SwarmAsker(host, context.Visitor().Account?.ToString() ?? host);
    }

    /// <summary>A node that has what somebody asks about is a peer of its swarm like any other, and says so when it matters.</summary>
    private async Task AnnounceSelfAsync(HttpContext context, Hash256 root, CancellationToken stop)
    {
        using var content = contents.Find(root);
        if (content?.Manifest is not null && swarms.Self(content, context.Request.Host.Host) is { } self)
        {
            var advice = await swarms.Service.AnnounceAsync(root, self, new SwarmAsker(IPAddress.Loopback.ToString(), self.Key.ToString()), stop);
            if (advice.Succeeded)
            {
                swarms.Rooms.SuperSeed(root, advice.Value.IsSuperSeeding);
            }
        }
    }

    private static Outcome<SwarmReport> ReadReport(SwarmRequest body)
    {
        if (!KeyId.TryParse(body.Key, out var key) || body.Have is not { Length: > 0 and <= PieceLengths.CountMax / 8 })
        {
            return new Failure(FailureKind.Invalid, "'key' is the id of the peer's key, and 'have' a bit for each piece, in base64");
        }

        if (ReadAddresses(body.Addresses) is not { } addresses)
        {
            return NoAddresses;
        }

        var (neighbours, liars) = (ReadKeys(body.Neighbours), ReadKeys(body.Liars));
        return neighbours is null || liars is null
            ? new Failure(FailureKind.Invalid, $"'neighbours' and 'liars' are ids of keys, {SwarmReport.NeighboursLimit} at most")
            : new SwarmReport(key, PieceMap.FromBytes(body.Have.Length * 8, body.Have))
            {
                Addresses = addresses,
                Uplink = Math.Max(0, body.Uplink),
                Slots = Math.Clamp(body.Slots, 0, 10_000),
                IsLeaving = body.IsLeaving,
                NeighboursMax = Math.Clamp(body.NeighboursMax, 0, SwarmReport.NeighboursLimit),
                Neighbours = neighbours,
                Liars = liars,
            };
    }

    private static Outcome<HoldingReport> ReadReport(HoldingsRequest body)
    {
        if (!KeyId.TryParse(body.Key, out var key))
        {
            return new Failure(FailureKind.Invalid, "'key' is the id of the peer's key");
        }

        return ReadAddresses(body.Addresses) is not { } addresses ? NoAddresses
            : HoldingReport.RootsOf(body.Contents) is not { } contents || HoldingReport.RootsOf(body.Gone) is not { } gone
            ? new Failure(FailureKind.Invalid, $"'contents' and 'gone' are roots of {Hash256.Size} bytes each, {HoldingReport.ContentsMax} at most, in base64")
            : new HoldingReport(key, contents) { Gone = gone, Addresses = addresses, Uplink = Math.Max(0, body.Uplink), IsLeaving = body.IsLeaving };
    }

    private static Failure NoAddresses { get; } =
        new(FailureKind.Invalid, $"'addresses' are 1 to {SwarmReport.AddressesMax}, each HOST:PORT with a number for the host");

    private static IReadOnlyList<string>? ReadAddresses(IReadOnlyList<string>? texts) =>
        texts is { Count: > 0 and <= SwarmReport.AddressesMax } && texts.All(address => address is { Length: > 0 and <= 64 }) ? texts : null;

    private static List<KeyId>? ReadKeys(IReadOnlyList<string>? texts)
    {
        List<KeyId> keys = [];
        foreach (var text in texts ?? [])
        {
            if (keys.Count >= SwarmReport.NeighboursLimit || !KeyId.TryParse(text, out var key))
            {
                return null;
            }

            keys.Add(key);
        }

        return keys;
    }
}
