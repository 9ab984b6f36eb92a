using Cete.App.Verbs.Open.Keys;

namespace Cete.App.Verbs.Open.Running;

/// <summary>Reads keys on a thread of its own, since reading a terminal blocks.</summary>
/// <param name="take">Is told each key; null when the terminal is gone.</param>
internal sealed class KeyReader(Action<Key?> take)
{
    /// <summary>So long a lone Escape waits whether it begins a sequence; over ssh the rest comes in the same packet.</summary>
    private const int EscapeMilliseconds = 40;

    private const int WaitMilliseconds = 200;

    private readonly KeyDecoder _decoder = new();
    private Thread? _thread;
    private volatile bool _isStopping;

    /// <summary>Begins to read.</summary>
    public void Start()
    {
        _isStopping = false;
        _thread = new Thread(Run) { IsBackground = true, Name = "keys" };
        _thread.Start();
    }

    /// <summary>Ends it, so that another program can read.</summary>
    public void Stop()
    {
        _isStopping = true;
        _thread?.Join();
    }

    private void Run()
    {
        var buffer = new byte[4096];
        while (!_isStopping)
        {
            var count = RawTerminal.Read(buffer, _decoder.IsWaiting ? EscapeMilliseconds : WaitMilliseconds);
            if (count < 0)
            {
                take(null);
                return;
            }

            foreach (var key in count == 0 ? _decoder.IsWaiting ? _decoder.Flush() : [] : _decoder.Take(buffer.AsSpan(0, count)))
            {
                take(key);
            }
        }
    }
}
