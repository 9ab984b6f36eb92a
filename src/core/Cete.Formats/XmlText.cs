using System.Text;
using System.Xml;

namespace Cete.Formats;

/// <summary>How all XML is written here: UTF-8, indented, and never broken by what stands in names.</summary>
internal static class XmlText
{
    private static readonly XmlWriterSettings Settings = new() { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" };

    public static byte[] Write(Action<XmlWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, Settings))
        {
            writer.WriteStartDocument();
            write(writer);
        }

        return stream.ToArray();
    }

    /// <summary>Text with what XML 1.0 cannot hold replaced.</summary>
    public static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                clean.Append(text[i]).Append(text[++i]);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
            }
        }

        return clean.ToString();
    }

    public static void Element(this XmlWriter writer, string name, string text) => writer.WriteElementString(name, Clean(text));
}
