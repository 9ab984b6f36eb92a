namespace Cete.Hocon;

/// <summary>How large a tree is when it is written out: what is shared counts each time.</summary>
internal struct ValueSize
{
    /// <summary>Values below, this one not counted.</summary>
    public long Nodes { get; private set; }

    /// <summary>UTF-16 units of the keys and texts below.</summary>
    public long Chars { get; private set; }

    /// <summary>Levels below.</summary>
    public int Height { get; private set; }

    public static ValueSize OfText(string text) => new() { Chars = text.Length };

    public void Add(HoconValue value, string key = "")
    {
        Nodes += 1 + value.Size.Nodes;
        Chars += key.Length + value.Size.Chars;
        Height = Math.Max(Height, 1 + value.Size.Height);
    }
}
