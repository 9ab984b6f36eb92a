using System.Buffers;
using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Formats.Torrents;

/// <summary>
/// Writes bencoding (BEP 3), forward only. Keys of a dictionary must come in the order of their bytes, each once: an info hash is made over
/// what is written, so any other order would be another torrent.
/// </summary>
public sealed class BencodeWriter
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Stack<byte[]?> _lastKeys = new();

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    public void BeginDictionary()
    {
        _output.Write("d"u8);
        _lastKeys.Push([]);
    }

    public void BeginList()
    {
        _output.Write("l"u8);
        _lastKeys.Push(null);
    }

    /// <summary>Ends the dictionary or list that was begun last.</summary>
    public void End()
    {
        _lastKeys.Pop();
        _output.Write("e"u8);
    }

    /// <summary>Writes a key; its value comes next.</summary>
    public void Key(ReadOnlySpan<byte> key)
    {
        var last = _lastKeys.Pop();
        Check.That(last is not null && (last.Length == 0 || last.AsSpan().SequenceCompareTo(key) < 0), "keys of a dictionary come in order, each once");
        _lastKeys.Push(key.ToArray());
        Bytes(key);
    }

    public void Number(long value) => WriteAscii($"i{value.ToString(CultureInfo.InvariantCulture)}e");

    public void Bytes(ReadOnlySpan<byte> value)
    {
        WriteAscii($"{value.Length.ToString(CultureInfo.InvariantCulture)}:");
        _output.Write(value);
    }

    /// <summary>Writes text as UTF-8.</summary>
    public void Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    /// <summary>Writes something that is bencoded already.</summary>
    public void Raw(ReadOnlySpan<byte> bencoded) => _output.Write(bencoded);

    public void Field(ReadOnlySpan<byte> key, long value)
    {
        Key(key);
        Number(value);
    }

    public void Field(ReadOnlySpan<byte> key, string value)
    {
        Key(key);
        Text(value);
    }

    public void Field(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Key(key);
        Bytes(value);
    }

    private void WriteAscii(string text) => Encoding.ASCII.GetBytes(text, _output);
}
