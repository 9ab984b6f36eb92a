using System.Buffers;
using System.Text;

namespace Cete.Web.Pages;

/// <summary>Text as UTF-8 into a pipe: a page never stands in memory as one long string.</summary>
internal sealed class Utf8Writer(IBufferWriter<byte> target) : TextWriter
{
    private readonly Encoder _encoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetEncoder();

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Bytes written so far.</summary>
    public long Count { get; private set; }

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        // The encoder keeps half of a surrogate pair until the other half comes.
        _encoder.Convert(buffer, target, flush: false, out var count, out _);
        Count += count;
    }
}
