using System.Buffers;
using System.Text;

namespace Cete.App.Verbs.Open.Keys;

/// <summary>Turns what a terminal sends into keys: UTF-8, the sequences of ECMA-48 that xterm and its kin use, and pasted text in its brackets.</summary>
internal sealed class KeyDecoder
{
    private const byte EscapeByte = 0x1B;

    /// <summary>Bytes of a sequence; a longer one is none.</summary>
    private const int SequenceMax = 32;

    /// <summary>Bytes of a pasted text, what is beyond is left out: more than a field takes.</summary>
    private const int PasteMax = 512 * 1024;

    private static readonly byte[] PasteEnd = "\u001b[201~"u8.ToArray();

    private readonly List<byte> _bytes = [];
    private List<byte>? _pasted;

    /// <summary>Something has begun that may be a key by itself: when nothing follows soon, <see cref="Flush"/> tells.</summary>
    public bool IsWaiting => _bytes.Count > 0 && _pasted is null;

    /// <summary>The keys that are whole with these bytes.</summary>
    public List<Key> Take(ReadOnlySpan<byte> bytes)
    {
        List<Key> keys = [];
        foreach (var one in bytes)
        {
            if (_pasted is not null)
            {
                Paste(one, keys);
                continue;
            }

            _bytes.Add(one);
            Read(keys, isEnd: false);
        }

        return keys;
    }

    /// <summary>Nothing followed: what has begun is what it is.</summary>
    public List<Key> Flush()
    {
        List<Key> keys = [];
        Read(keys, isEnd: true);
        _bytes.Clear();
        return keys;
    }

    private void Read(List<Key> keys, bool isEnd)
    {
        if (_bytes.Count == 0)
        {
            return;
        }

        if (_bytes[0] != EscapeByte)
        {
            ReadText(keys, isEnd);
            return;
        }

        if (_bytes.Count == 1)
        {
            if (isEnd)
            {
                Add(keys, new Key(KeyKind.Escape));
            }

            return;
        }

        switch (_bytes[1])
        {
            case (byte)'[':
                ReadSequence(keys, isEnd);
                break;
            case (byte)'O' when _bytes.Count < 3:
                if (isEnd)
                {
                    Add(keys, new Key(KeyKind.Unknown));
                }

                break;
            case (byte)'O':
                Add(keys, new Key(Final((char)_bytes[2])));
                break;
            default:
                // Escape, and then something by itself.
                var rest = _bytes[1];
                Add(keys, new Key(KeyKind.Escape));
                _bytes.Add(rest);
                Read(keys, isEnd);
                break;
        }
    }

    private void ReadSequence(List<Key> keys, bool isEnd)
    {
        var last = _bytes[^1];
        if (_bytes.Count == 2 || last is < 0x40 or > 0x7E)
        {
            if (isEnd || _bytes.Count > SequenceMax)
            {
                Add(keys, new Key(KeyKind.Unknown));
            }

            return;
        }

        var inner = Encoding.ASCII.GetString([.. _bytes[2..^1]]);
        if (last == '~' && inner == "200")
        {
            _bytes.Clear();
            _pasted = [];
            return;
        }

        var kind = last != '~' ? Final((char)last) : inner.Split(';')[0] switch
        {
            "1" or "7" => KeyKind.Home,
            "3" => KeyKind.Delete,
            "4" or "8" => KeyKind.End,
            "5" => KeyKind.PageUp,
            "6" => KeyKind.PageDown,
            "11" => KeyKind.Help,
            _ => KeyKind.Unknown,
        };
        Add(keys, new Key(kind));
    }

    private static KeyKind Final(char last) => last switch
    {
        'A' => KeyKind.Up,
        'B' => KeyKind.Down,
        'C' => KeyKind.Right,
        'D' => KeyKind.Left,
        'H' => KeyKind.Home,
        'F' => KeyKind.End,
        'Z' => KeyKind.BackTab,
        'P' => KeyKind.Help,
        'M' => KeyKind.Enter,
        _ => KeyKind.Unknown,
    };

    private void ReadText(List<Key> keys, bool isEnd)
    {
        var first = _bytes[0];
        switch (first)
        {
            case 0x0D or 0x0A:
                Add(keys, new Key(KeyKind.Enter));
                return;
            case 0x09:
                Add(keys, new Key(KeyKind.Tab));
                return;
            case 0x7F or 0x08:
                Add(keys, new Key(KeyKind.Backspace));
                return;
            case < 0x20:
                Add(keys, new Key(KeyKind.Control, $"^{(char)(first + 0x60)}"));
                return;
        }

        var status = Rune.DecodeFromUtf8([.. _bytes], out var rune, out _);
        if (status == OperationStatus.Done)
        {
            Add(keys, new Key(KeyKind.Text, rune.ToString()));
        }
        else if (isEnd || status == OperationStatus.InvalidData)
        {
            Add(keys, new Key(KeyKind.Unknown));
        }
    }

    private void Paste(byte one, List<Key> keys)
    {
        _bytes.Add(one);
        if (_bytes.Count <= PasteEnd.Length && PasteEnd.AsSpan().StartsWith(_bytes.ToArray()))
        {
            if (_bytes.Count == PasteEnd.Length)
            {
                var text = Encoding.UTF8.GetString([.. _pasted!]);
                _pasted = null;
                Add(keys, new Key(KeyKind.Text, text.ReplaceLineEndings("\n")));
            }

            return;
        }

        // What did not become the end was text, but for the last byte, which may begin it again.
        var begins = one == EscapeByte;
        if (_pasted!.Count + _bytes.Count <= PasteMax)
        {
            _pasted.AddRange(begins ? _bytes[..^1] : _bytes);
        }

        _bytes.Clear();
        if (begins)
        {
            _bytes.Add(one);
        }
    }

    private void Add(List<Key> keys, Key key)
    {
        _bytes.Clear();
        if (key.Kind != KeyKind.Text || key.Text.Length > 0)
        {
            keys.Add(key);
        }
    }
}
