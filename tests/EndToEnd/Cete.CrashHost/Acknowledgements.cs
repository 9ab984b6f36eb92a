using System.Buffers.Text;

namespace Cete.CrashHost;

/// <summary>One line for each acknowledged command, out of the process before the next one of its loop is begun: "LOOP NUMBER".</summary>
internal sealed class Acknowledgements(Stream output) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly byte[] _line = new byte[48];

    public void Add(int loop, long number)
    {
        lock (_lock)
        {
            _ = Utf8Formatter.TryFormat(loop, _line, out var length);
            _line[length++] = (byte)' ';
            _ = Utf8Formatter.TryFormat(number, _line.AsSpan(length), out var digits);
            length += digits;
            _line[length++] = (byte)'\n';
            output.Write(_line, 0, length);
            output.Flush();
        }
    }

    public void Dispose() => output.Dispose();
}
