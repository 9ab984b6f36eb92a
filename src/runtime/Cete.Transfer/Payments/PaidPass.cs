using Cete.Core;
using Cete.Ports.Payments;

namespace Cete.Transfer.Payments;

/// <summary>What a pass is for.</summary>
/// <param name="Account">Who pays in the end.</param>
/// <param name="Content">Root of the content.</param>
/// <param name="Length">Bytes of it; for an address those that it still covers.</param>
public sealed record PassOrder(AccountId Account, Hash256 Content, long Length)
{
    /// <summary>The address that it is for, by which anybody downloads; empty for a download of the account's own.</summary>
    public string Link { get; init; } = string.Empty;
}

/// <summary>
/// One download that this node sends and pays for in somebody's name: it is its own provider, and takes its own vouchers, so what is paid is the same as
/// for who signs them himself. For several callers at once.
/// </summary>
public sealed class PaidPass : IPaidPass
{
    /// <summary>How long a download that has begun may rest, such as while somebody looks for a folder to save it in.</summary>
    private static readonly TimeSpan RestMax = TimeSpan.FromMinutes(2);

    /// <summary>A browser that has all asks for no more, and one that shows a film asks for its end first.</summary>
    private static readonly TimeSpan DoneMax = TimeSpan.FromSeconds(5);

    /// <summary>Bills of one part: the first opens a lane, others follow where the till and this side counted differently.</summary>
    private const int BillsMax = 4;

    private static readonly Failure UsedUp = new(
        FailureKind.Forbidden, "as much was downloaded by this address as it covers; ask for another one");

    private static readonly Failure Spent = new(
        FailureKind.Unpaid, "what you agreed to pay is spent: parts that did not reach you were sent all the same; pay again to have it sent again");

    private readonly Payer _payer;
    private readonly ITill _till;
    private readonly KeyId _node;
    private readonly Uri _self;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private DateTimeOffset _usedAt;
    private readonly Action<long>? _ended;
    private long _sent;
    private long _wanted;
    private int _parts;

    internal PaidPass(string secret, PassOrder order, Payer payer, ITill till, KeyId node, TimeProvider clock, Action<long>? ended)
    {
        (Secret, Order, _payer, _till, _node, _clock, _ended) = (secret, order, payer, till, node, clock, ended);
        (_self, _usedAt) = (new Uri($"cete:{node}"), clock.GetUtcNow());
    }

    /// <summary>Names it in an address; whoever shows it is asked who he is beside it.</summary>
    public string Secret { get; }

    /// <summary>What it is for.</summary>
    public PassOrder Order { get; }

    /// <summary>Micro-credits that were promised so far.</summary>
    public long Promised => _payer.Promised;

    /// <summary>An address covers what it says; what is one's own may be sent again in part, since connections break.</summary>
    private long BytesMax => Order.Link.Length > 0 ? Order.Length : PayerOptions.BytesMaxFor(Order.Length);

    /// <summary>Whether so many bytes can still be sent by it.</summary>
    internal bool Covers(long bytes)
    {
        lock (_gate)
        {
            return bytes <= BytesMax - _wanted;
        }
    }

    /// <inheritdoc/>
    public Failure? Want(long bytes)
    {
        lock (_gate)
        {
            if (bytes > BytesMax - _wanted)
            {
                return Order.Link.Length > 0 ? UsedUp : Spent;
            }

            _wanted += bytes;
        }

        _payer.Want(bytes);
        return null;
    }

    /// <inheritdoc/>
    public void GiveUp(long bytes)
    {
        lock (_gate)
        {
            _wanted -= bytes;
        }
    }

    /// <inheritdoc/>
    public async Task<Outcome<IPaidPart>> NextAsync(int pieceLength, long bytes, CancellationToken cancellation)
    {
        Enter();
        try
        {
            var next = await AskAsync(pieceLength, bytes, cancellation);
            if (next.Succeeded)
            {
                return next;
            }

            Leave(0);
            return next;
        }
        catch
        {
            Leave(0);
            throw;
        }
    }

    /// <summary>Whether nobody needs it any more.</summary>
    internal bool IsOver(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _parts == 0 && now - _usedAt > (_sent >= Order.Length ? DoneMax : RestMax);
        }
    }

    /// <summary>Tells whoever wants to know how much was sent by it; before there can be another one of the same order.</summary>
    internal void Tell()
    {
        lock (_gate)
        {
            _ended?.Invoke(_sent);
        }
    }

    /// <summary>Nothing more is paid, and what is left goes back.</summary>
    internal ValueTask EndAsync() => _payer.DisposeAsync();

    private async Task<Outcome<IPaidPart>> AskAsync(int pieceLength, long bytes, CancellationToken cancellation)
    {
        var wish = new PaidWish(Order.Content, pieceLength, bytes, Math.Min(bytes, pieceLength), _node);
        var failure = new Failure(FailureKind.Unavailable, "this node and its till do not come together over what was paid; try again");
        for (var bills = 0; bills < BillsMax; bills++)
        {
            var begun = await _payer.BeginAsync(_self, wish, cancellation);
            if (!begun.Succeeded)
            {
                return begun.Failure;
            }

            var turn = begun.Value;
            var admitted = await AdmitAsync(turn, pieceLength, cancellation);
            if (admitted.Failure is null)
            {
                turn.Ask(turn.BytesMax);
                return Outcome.Of<IPaidPart>(new Part(this, turn, admitted.Unsent));
            }

            var refused = admitted.Bill is { } bill ? await turn.RefusedAsync(bill, cancellation) : admitted.Failure;
            turn.Dispose();
            if (refused is not null)
            {
                return refused;
            }

            failure = admitted.Failure;
        }

        return failure;
    }

    private async Task<Admission> AdmitAsync(IPaidTurn turn, int pieceLength, CancellationToken cancellation)
    {
        try
        {
            return await _till.AdmitAsync(new PaidRequest(turn.Channel, turn.Voucher, Order.Content, pieceLength, turn.BytesMax), cancellation);
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private void Enter()
    {
        lock (_gate)
        {
            _parts++;
        }
    }

    private void Leave(long sent)
    {
        lock (_gate)
        {
            _parts--;
            _sent += sent;
            _usedAt = _clock.GetUtcNow();
        }
    }

    private sealed class Part(PaidPass pass, IPaidTurn turn, Action<long>? unsent) : IPaidPart
    {
        public long Bytes => turn.BytesMax;

        public void End(long sent)
        {
            // Here both sides are one, so what was not sent is known to both: nothing is lost with a connection.
            turn.Verified(sent);
            unsent?.Invoke(Bytes - sent);
            turn.Dispose();
            pass.Leave(sent);
        }
    }
}
