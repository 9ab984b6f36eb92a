using System.Globalization;
using System.Text;

namespace Cete.Formats.Tests;

/// <summary>Reads bencoding as strictly as BEP 3 is written: what is not in its one right form is refused.</summary>
internal sealed class BencodeReader
{
    private readonly byte[] _bytes;
    private int _at;

    private BencodeReader(byte[] bytes) => _bytes = bytes;

    /// <summary>A number, a string of bytes, a list, or a dictionary whose keys are read as Latin 1.</summary>
    public static object Read(byte[] bytes)
    {
        var reader = new BencodeReader(bytes);
        var value = reader.Next();
        Assert.Equal(bytes.Length, reader._at);
        return value;
    }

    public static Dictionary<string, object> ReadDictionary(byte[] bytes) => Assert.IsType<Dictionary<string, object>>(Read(bytes));

    /// <summary>The bytes of the value of a key of the outermost dictionary, as they stand in the file.</summary>
    public static byte[] RawValue(byte[] bytes, string key)
    {
        var reader = new BencodeReader(bytes) { _at = 1 };
        while (bytes[reader._at] != 'e')
        {
            var isIt = Encoding.Latin1.GetString(reader.NextBytes()) == key;
            var begin = reader._at;
            reader.Next();
            if (isIt)
            {
                return bytes[begin..reader._at];
            }
        }

        throw new InvalidOperationException($"there is no {key}");
    }

    private object Next() => (char)_bytes[_at] switch
    {
        'i' => NextNumber(),
        'l' => NextList(),
        'd' => NextDictionary(),
        _ => NextBytes(),
    };

    private long NextNumber()
    {
        _at++;
        var text = Until('e');
        var number = long.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(number.ToString(CultureInfo.InvariantCulture), text);
        return number;
    }

    private byte[] NextBytes()
    {
        var text = Until(':');
        var length = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        Assert.Equal(length.ToString(CultureInfo.InvariantCulture), text);
        _at += length;
        return _bytes[(_at - length).._at];
    }

    private List<object> NextList()
    {
        List<object> list = [];
        for (_at++; _bytes[_at] != 'e';)
        {
            list.Add(Next());
        }

        _at++;
        return list;
    }

    private Dictionary<string, object> NextDictionary()
    {
        Dictionary<string, object> dictionary = new(StringComparer.Ordinal);
        string? last = null;
        for (_at++; _bytes[_at] != 'e';)
        {
            var key = Encoding.Latin1.GetString(NextBytes());
            Assert.True(last is null || string.CompareOrdinal(last, key) < 0, $"'{key}' comes behind '{last}'");
            dictionary.Add(key, Next());
            last = key;
        }

        _at++;
        return dictionary;
    }

    private string Until(char end)
    {
        var length = _bytes.AsSpan(_at).IndexOf((byte)end);
        var text = Encoding.ASCII.GetString(_bytes, _at, length);
        _at += length + 1;
        return text;
    }
}
