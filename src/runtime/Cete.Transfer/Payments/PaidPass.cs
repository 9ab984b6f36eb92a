using Cete.Core;
using Cete.Ports.Payments;

namespace Cete.Transfer.Payments;

/// <summary>What a pass is for.</summary>
/// <param name="Account">Who pays in the end.</param>
/// <param name="Content">Root of the content.</param>
/// <param name="Length">Bytes of it.</param>
public sealed record PassOrder(AccountId Account, Hash256 Content, long Length);

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

    private readonly Payer _payer;
    private readonly ITill _till;
    private readonly KeyId _node;
    private readonly Uri _self;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private DateTimeOffset _usedAt;
    private long _sent;
    private int _parts;

    internal PaidPass(string secret, PassOrder order, Payer payer, ITill till, KeyId node, TimeProvider clock)
    {
        (Secret, Order, _payer, _till, _node, _clock) = (secret, order, payer, till, node, clock);
        (_self, _usedAt) = (new Uri($"cete:{node}"), clock.GetUtcNow());
        payer.Want(order.Length);
    }

    /// <summary>Names it in an address; whoever shows it is asked who he is beside it.</summary>
    public string Secret { get; }

    /// <summary>What it is for.</summary>
    public PassOrder Order { get; }

    /// <summary>Micro-credits that were promised so far.</summary>
    public long Promised => _payer.Promised;

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
