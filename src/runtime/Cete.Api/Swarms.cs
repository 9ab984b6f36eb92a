namespace Cete.Api;

/// <summary>A peer of a swarm reports.</summary>
/// <param name="Key">Id of the key that it shows.</param>
/// <param name="Have">Which pieces it has: one bit a piece, the first in the highest bit of the first byte (as BEP 3 has it), in base64.</param>
/// <param name="Addresses">Where it thinks that it is reached, <c>HOST:PORT</c> with numbers for hosts, all of one port.</param>
/// <param name="Uplink">Bytes a second that it can give; 0 where that is not known.</param>
/// <param name="Slots">Newcomers that it serves at a time, before they are handed to those who are still downloading.</param>
/// <param name="NeighboursMax">Neighbours that it wants; 0 for none.</param>
/// <param name="Neighbours">Keys of those that it has.</param>
/// <param name="Liars">Keys of those that gave it bytes which did not verify.</param>
/// <param name="IsLeaving">It is about to go.</param>
public sealed record SwarmRequest(
    string? Key, byte[]? Have, IReadOnlyList<string>? Addresses = null, long Uplink = 0, int Slots = 0, int NeighboursMax = 0,
    IReadOnlyList<string>? Neighbours = null, IReadOnlyList<string>? Liars = null, bool IsLeaving = false);

/// <summary>What a peer is told.</summary>
/// <param name="Neighbours">Whom to ask from now on: <c>cete://KEY.COMMUNITY@HOST:PORT</c>.</param>
/// <param name="NextMilliseconds">When to report again.</param>
/// <param name="Rarest">Pieces that few have, the rarest first.</param>
/// <param name="IsAskedToStay">Others need what it has.</param>
/// <param name="IsSuperSeeding">It is the one source with little to give: what it gave to one, others are to have from that one.</param>
/// <param name="HasSource">Whether one of the neighbours has everything.</param>
/// <param name="Peers">Peers that are known in all.</param>
public sealed record SwarmAnswer(
    IReadOnlyList<string> Neighbours, double NextMilliseconds, IReadOnlyList<int> Rarest, bool IsAskedToStay, bool IsSuperSeeding, bool HasSource, int Peers);

/// <summary>A peer tells what it has whole.</summary>
/// <param name="Key">Id of the key that it shows.</param>
/// <param name="Contents">Roots of contents, 32 bytes each, one behind the other, in base64; what it told before stays as long as it is valid.</param>
/// <param name="Gone">Roots of contents that it has no longer, likewise.</param>
/// <param name="Addresses">Where it thinks that it is reached, <c>HOST:PORT</c> with numbers for hosts, all of one port.</param>
/// <param name="Uplink">Bytes a second that it can give; 0 where that is not known.</param>
/// <param name="IsLeaving">It goes away, with all that it has.</param>
public sealed record HoldingsRequest(
    string? Key, byte[]? Contents = null, byte[]? Gone = null, IReadOnlyList<string>? Addresses = null, long Uplink = 0, bool IsLeaving = false);

/// <summary>What a peer is told that told what it has.</summary>
/// <param name="ValidSeconds">How long that is remembered: it is to be told again before.</param>
public sealed record HoldingsAnswer(double ValidSeconds);
