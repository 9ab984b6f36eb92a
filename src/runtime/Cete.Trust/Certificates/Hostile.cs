using System.Formats.Asn1;
using System.Security.Cryptography;
using Cete.Core;

namespace Cete.Trust.Certificates;

/// <summary>Reads what strangers sent: whatever .NET throws for bytes it cannot make sense of becomes the failure given.</summary>
internal static class Hostile
{
    public static Outcome<T> Read<T>(Failure otherwise, Func<Outcome<T>> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is CryptographicException or AsnContentException or ArgumentException or FormatException
            or NotSupportedException or InvalidOperationException or OverflowException)
        {
            return otherwise;
        }
    }
}
