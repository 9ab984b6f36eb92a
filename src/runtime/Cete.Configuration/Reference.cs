using Cete.Hocon;

namespace Cete.Configuration;

/// <summary><c>hocon/reference.conf</c>, as it was when the program was built.</summary>
public static class Reference
{
    /// <summary>Its name in messages.</summary>
    public const string Name = "reference.conf";

    /// <summary>Its text.</summary>
    public static string Text
    {
        get
        {
            using var stream = typeof(Reference).Assembly.GetManifestResourceStream(Name)!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Its document, to be the last fallback of any other.</summary>
    public static HoconDocument Document => HoconDocument.Parse(Text, Name);
}
