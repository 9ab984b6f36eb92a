using System.Text;

namespace Cete.Simulation.World;

/// <summary>
/// What travels: bytes, or an object that nobody changes any more, with the size that it would have on a wire and the
/// fingerprint by which the trace knows its content.
/// </summary>
public readonly record struct SimMessage(object Content, int Bytes, ulong Digest)
{
    /// <summary>A message of bytes, which nobody may change any more.</summary>
    public static SimMessage Of(byte[] bytes) => new(bytes, bytes.Length, Fingerprint.Of(bytes));

    /// <summary>A message of text.</summary>
    public static SimMessage Of(string text) => new(text, Encoding.UTF8.GetByteCount(text), Fingerprint.Of(text));

    /// <summary>A message that is an object; its digest must tell different contents apart, or the trace cannot.</summary>
    public static SimMessage Of(object content, int bytes, ulong digest) => new(content, bytes, digest);

    /// <summary>The content as what it is.</summary>
    public T As<T>() => (T)Content;
}
