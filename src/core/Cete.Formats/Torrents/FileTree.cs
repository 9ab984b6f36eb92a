using System.Text;
using Cete.Core;

namespace Cete.Formats.Torrents;

/// <summary>The <c>file tree</c> of version 2 (BEP 52): a dictionary a folder, and a file as a dictionary under an empty key.</summary>
/// <param name="parts">In the order of their paths.</param>
internal sealed class FileTree(IReadOnlyList<TorrentPart> parts)
{
    private int _next;

    public void Write(BencodeWriter writer)
    {
        _next = 0;
        WriteFolder(writer, 0);
        Check.That(_next == parts.Count, "files of a torrent come in the order of its tree");
    }

    private void WriteFolder(BencodeWriter writer, int depth)
    {
        var first = parts[_next].Path;
        writer.BeginDictionary();
        while (_next < parts.Count && parts[_next].Path.Count > depth && parts[_next].Path.Take(depth).SequenceEqual(first.Take(depth)))
        {
            var part = parts[_next];
            writer.Key(Encoding.UTF8.GetBytes(part.Path[depth]));
            if (part.Path.Count == depth + 1)
            {
                WriteFile(writer, part);
                _next++;
            }
            else
            {
                WriteFolder(writer, depth + 1);
            }
        }

        writer.End();
    }

    private static void WriteFile(BencodeWriter writer, TorrentPart part)
    {
        writer.BeginDictionary();
        writer.Key(default);
        writer.BeginDictionary();
        writer.Field("length"u8, part.Manifest.Length);
        if (part.Manifest.Length > 0)
        {
            writer.Field("pieces root"u8, part.Manifest.Root.ToArray());
        }

        writer.End();
        writer.End();
    }
}
