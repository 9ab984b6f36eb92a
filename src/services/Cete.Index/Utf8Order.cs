namespace Cete.Index;

/// <summary>The order of texts by the bytes of their UTF-8, which is the order of tables.</summary>
internal static class Utf8Order
{
    public static int Compare(string a, string b)
    {
        var length = Math.Min(a.Length, b.Length);
        for (var i = 0; i < length; i++)
        {
            if (a[i] != b[i])
            {
                // Surrogates stand for characters behind all others.
                return char.IsSurrogate(a[i]) == char.IsSurrogate(b[i]) ? a[i].CompareTo(b[i]) : char.IsSurrogate(a[i]) ? 1 : -1;
            }
        }

        return a.Length.CompareTo(b.Length);
    }
}
