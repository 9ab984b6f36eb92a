using Cete.Core;
using Cete.Ports;
using Cete.Storage.Contents;

namespace Cete.Storage.Tests.Contents;

/// <summary>A content store in a temporary folder that can be started anew.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    public StoreFolder() => Restart();

    public ContentStore Store { get; private set; } = null!;

    public string Incoming(string name) => _folder.At("incoming", name);

    public string WholePath(Hash256 root) => _folder.At("content", root.ToString()[..2], root.ToString()[2..]);

    public IReadOnlyList<string> IncomingNames() =>
        [.. Directory.GetFiles(_folder.At("incoming")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public void Restart() => Store = new ContentStore(new PhysicalFiles(), _folder.Path);

    /// <summary>Uploads content and files it.</summary>
    public Hash256 Put(byte[] content, string id = "up")
    {
        using (var upload = Store.BeginUpload(id, content.Length).Value)
        {
            ContentRig.WriteAll(upload, content);
            Assert.True(upload.Attach(ContentRig.ManifestOf(content, upload.PieceLength)).Value);
        }

        return Store.Finish(id).Value;
    }

    public async Task AssertWholeAsync(Hash256 root, byte[] content)
    {
        using var file = Store.Find(root);
        Assert.True(file is { IsWhole: true });
        Assert.Equal(content.Length, file.Length);
        Assert.Equal(content, await ContentRig.ReadAsync(file, 0));
    }

    public void Dispose() => _folder.Dispose();

    public static IContentFile Begin(ContentStore store, byte[] content) => store.Begin(ContentRig.ManifestOf(content)).Value;
}
