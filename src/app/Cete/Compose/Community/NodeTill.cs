using Cete.Core;
using Cete.Ports.Payments;
using Cete.Storage.Payments;
using Cete.Transfer.Payments;
using PaidAdmission = Cete.Ports.Payments.Admission;

namespace Cete.App.Compose.Community;

/// <summary>
/// Where a node is paid for what it sends. Its book is opened when something is paid for the first time, or was before: most communities ask for
/// nothing, and their nodes start without it.
/// </summary>
internal sealed class NodeTill : ITill, IAsyncDisposable
{
    private readonly IProviderBank _bank;
    private readonly TillOptions _options;
    private readonly string _path;
    private readonly Lock _gate = new();
    private LaneBook? _book;
    private Till? _till;
    private bool _isClosed;

    private NodeTill(IProviderBank bank, TillOptions options, string path) => (_bank, _options, _path) = (bank, options, path);

    /// <inheritdoc/>
    public long PricePerMebibyte => _bank.PricePerMebibyte;

    /// <inheritdoc/>
    public bool ServesUnpaid => _bank.ServesUnpaid;

    /// <summary>Makes the till of a node.</summary>
    /// <param name="bank">The community's bank.</param>
    /// <param name="options">Who this is.</param>
    /// <param name="folder">Of the node.</param>
    public static Outcome<NodeTill> Open(IProviderBank bank, TillOptions options, string folder)
    {
        var till = new NodeTill(bank, options, Path.Combine(folder, "lanes.db"));

        // What was promised before a restart is handed in, whatever things cost now.
        return File.Exists(till._path) && till.Inner() is { Succeeded: false, Failure: var failure } ? failure : till;
    }

    /// <inheritdoc/>
    public ValueTask<PaidAdmission> AdmitAsync(PaidRequest request, CancellationToken cancellation)
    {
        var inner = Inner();
        return inner.Succeeded ? inner.Value.AdmitAsync(request, cancellation) : new(new PaidAdmission(inner.Failure, null));
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isClosed = true;
        }

        if (_till is not null)
        {
            await _till.DisposeAsync();
        }

        _book?.Dispose();
    }

    private Outcome<Till> Inner()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return new Failure(FailureKind.Unavailable, "the node stops");
            }

            if (_till is not null)
            {
                return _till;
            }

            var book = LaneBook.Open(_path);
            if (!book.Succeeded)
            {
                return book.Failure;
            }

            _book = book.Value;
            return _till = new Till(_bank, _book, _options, TimeProvider.System);
        }
    }
}
