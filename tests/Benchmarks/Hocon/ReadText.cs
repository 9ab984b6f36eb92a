using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Cete.Hocon;

namespace Cete.Benchmarks.Hocon;

/// <summary>A text of 1 MB, and beside it what the framework's JSON reader takes for the same tree.</summary>
public class ReadText
{
    private string _text = string.Empty;
    private string _json = string.Empty;

    /// <summary>Bytes of the text in UTF-8.</summary>
    public static int TextBytes { get; } = Encoding.UTF8.GetByteCount(HoconTexts.Large());

    /// <summary>Bytes of the same tree as JSON.</summary>
    public static int JsonBytes { get; } = Encoding.UTF8.GetByteCount(ToJson(HoconTexts.Large()));

    /// <summary>Makes the texts.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _text = HoconTexts.Large();
        _json = ToJson(_text);
    }

    /// <summary>Text to syntax tree.</summary>
    [Benchmark]
    public HoconDocument Parse() => HoconDocument.Parse(_text, "large.conf");

    /// <summary>Text to values.</summary>
    [Benchmark]
    public HoconObject ParseAndResolve() => HoconDocument.Load(_text, "large.conf");

    /// <summary>The same tree, written as JSON on one line, to a syntax tree.</summary>
    [Benchmark]
    public HoconDocument ParseJson() => HoconDocument.Parse(_json, "large.json");

    /// <summary>The same, to values.</summary>
    [Benchmark]
    public HoconObject ParseAndResolveJson() => HoconDocument.Load(_json, "large.json");

    /// <summary>The same by the framework's reader.</summary>
    [Benchmark]
    public int FrameworkJson()
    {
        using var document = JsonDocument.Parse(_json);
        return document.RootElement.GetPropertyCount();
    }

    private static string ToJson(string text) => HoconWriter.ToJson(HoconDocument.Load(text, "large.conf"));
}
