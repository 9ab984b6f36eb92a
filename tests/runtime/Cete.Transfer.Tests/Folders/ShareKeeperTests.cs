using System.Collections.Concurrent;
using Cete.Core;
using Cete.Ports.Folders;
using Cete.Storage.Local;
using Cete.Swarm;
using Cete.Testing;
using Cete.Transfer.Shares;

namespace Cete.Transfer.Tests.Folders;

/// <summary>Shares over a real book and a real disk; the community is scripted.</summary>
public sealed class ShareKeeperTests : IDisposable
{
    private static readonly KeyId Key = KeyId.Of("agent"u8);
    private readonly string _folder = Directory.CreateTempSubdirectory("cete-").FullName;
    private readonly ScriptedTarget _target = new();

    public ShareKeeperTests() => Directory.CreateDirectory(Mine);

    private string Mine => Path.Combine(_folder, "mine");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task FilesAreServedAsTheyWereHashedAndNoLongerOnceTheyChanged()
    {
        var bytes = Write("large", 700_000, 1);
        var root = Merkle.HashContent(bytes);
        await using var world = Start();
        await world.Keeper.AddAsync(Request());
        await Eventually.TrueAsync(() => _target.Entries.ContainsKey("/in/mine/large"), "it is filed");
        Assert.Equal(root, _target.Entries["/in/mine/large"]);
        Assert.Equal(3, _target.Manifests[root].PieceCount);
        using (var content = world.Keeper.Find(root)!)
        {
            var read = new byte[bytes.Length];
            for (var done = 0; done < read.Length;)
            {
                var count = await content.ReadAsync(read.AsMemory(done), done, TestContext.Current.CancellationToken);
                Assert.NotEqual(0, count);
                done += count;
            }

            Assert.Equal(bytes, read);
            Assert.False(content.Write(0, bytes.AsSpan(0, 262_144)).Succeeded);
            Write("large", 700_000, 2);
            Assert.Equal(0, await content.ReadAsync(read, 300_000, TestContext.Current.CancellationToken));
            Assert.False(content.IsWhole);
        }

        Assert.Null(world.Keeper.Find(Hash256.Of("other"u8)));
        await Eventually.TrueAsync(() => _target.Entries["/in/mine/large"] != root, "the new content is filed");
        await Eventually.TrueAsync(() => _target.Withdrawn.ContainsKey(root), "the old one is withdrawn");
        Assert.Null(world.Keeper.Find(root));
        await world.Keeper.PauseAsync(1, isPaused: true);
        Assert.Null(world.Keeper.Find(_target.Entries["/in/mine/large"]));
    }

    [Fact]
    public async Task BytesThatWereChangedUnnoticedAreNotServed()
    {
        var bytes = Write("f", 600_000, 1);
        var root = Merkle.HashContent(bytes);
        await using var world = Start();
        await world.Keeper.AddAsync(Request());
        await Eventually.TrueAsync(() => _target.Entries.ContainsKey("/in/mine/f"), "it is filed");

        // Same length, same time, same file: only the bytes tell.
        var path = Path.Combine(Mine, "f");
        var modified = File.GetLastWriteTimeUtc(path);
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.Position = 300_000;
            stream.WriteByte((byte)~bytes[300_000]);
        }

        File.SetLastWriteTimeUtc(path, modified);
        using var content = world.Keeper.Find(root)!;
        var buffer = new byte[262_144];
        Assert.Equal(262_144, await content.ReadAsync(buffer, 0, TestContext.Current.CancellationToken));
        Assert.Equal(0, await content.ReadAsync(buffer, 262_144, TestContext.Current.CancellationToken));
        Assert.False(content.IsWhole);
    }

    [Fact]
    public async Task WhatIsRenamedIsNotReadAgainAndWhatIsTheSameAsAnotherStaysProvided()
    {
        var bytes = Write("a", 400_000, 1);
        Write("b", 400_000, 1);
        var root = Merkle.HashContent(bytes);
        await using var world = Start();
        await world.Keeper.AddAsync(Request());
        await Eventually.TrueAsync(() => _target.Entries.Count == 2, "both are filed");
        File.Move(Path.Combine(Mine, "a"), Path.Combine(Mine, "c"));
        await Eventually.TrueAsync(() => _target.Entries.ContainsKey("/in/mine/c") && !_target.Entries.ContainsKey("/in/mine/a"), "it is renamed");
        File.Delete(Path.Combine(Mine, "b"));
        await Eventually.TrueAsync(() => _target.Entries.Count == 1, "the other is gone");
        Assert.Empty(_target.Withdrawn);
        File.Delete(Path.Combine(Mine, "c"));
        await Eventually.TrueAsync(() => _target.Withdrawn.ContainsKey(root), "nobody has it any more");
        Assert.Empty(_target.Entries);
    }

    [Fact]
    public async Task OneThatIsRefusedKeepsNoneOutAndACommunityThatIsAwayIsWaitedFor()
    {
        for (var i = 0; i < 500; i++)
        {
            Write($"{i}", 10, (ulong)i);
        }

        _target.Refused = "/in/mine/77";
        _target.Away = true;
        await using var world = Start();
        await world.Keeper.AddAsync(Request());
        await Eventually.TrueAsync(() => world.Keeper.All().Value[0].Share.Problem is not null, "it waits");
        _target.Away = false;
        await Eventually.TrueAsync(() => _target.Entries.Count == 499, "the others are filed");
        await Eventually.TrueAsync(() => world.Keeper.Newest(1, 1_000).Value.Count(file => file.State == SharedState.Failed) == 1, "one is refused");
        _target.Refused = string.Empty;
        await world.Keeper.PauseAsync(1, isPaused: false);
        await Eventually.TrueAsync(() => _target.Entries.Count == 500, "it is tried again");
    }

    [Fact]
    public async Task ARemovedShareTakesItsEntriesAlongAlsoAfterAStop()
    {
        Write("a", 10, 1);
        Write("b", 10, 2);
        await using (var world = Start())
        {
            await world.Keeper.AddAsync(Request());
            await Eventually.TrueAsync(() => _target.Entries.Count == 2, "both are filed");
            _target.Away = true;
            await world.Keeper.RemoveAsync(1);
        }

        Assert.Equal(2, _target.Entries.Count);
        _target.Away = false;
        await using var again = Start();
        await Eventually.TrueAsync(() => again.Keeper.All().Value.Count == 0, "it is forgotten");
        Assert.Empty(_target.Entries);
        Assert.Equal(2, Directory.GetFiles(Mine).Length);
    }

    private ShareRequest Request() => new(Mine, "/in", "http://node/", null);

    private byte[] Write(string name, int length, ulong seed)
    {
        var bytes = new byte[length];
        new Prng(seed).Fill(bytes);
        File.WriteAllBytes(Path.Combine(Mine, name), bytes);
        return bytes;
    }

    private World Start() => new(Path.Combine(_folder, "book.db"), _target);

    private sealed class World(string book, ScriptedTarget target) : IAsyncDisposable
    {
        private readonly ShareBook _book = new(book);
        private ShareKeeper? _keeper;

        public ShareKeeper Keeper => _keeper ??= new ShareKeeper(new ShareParts(_book, new SharerDisk(), _ => target, () => Key, TimeProvider.System));

        public async ValueTask DisposeAsync()
        {
            await Keeper.DisposeAsync();
            _book.Dispose();
        }
    }

    private sealed class ScriptedTarget : IShareTarget
    {
        public ConcurrentDictionary<string, Hash256> Entries { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<Hash256, Manifest> Manifests { get; } = new();

        public ConcurrentDictionary<Hash256, bool> Withdrawn { get; } = new();

        public string Refused { get; set; } = string.Empty;

        public bool Away { get; set; }

        private Failure? Absent => Away ? new Failure(FailureKind.Unavailable, "nobody there") : null;

        public Task<Failure?> DescribeAsync(Manifest manifest, CancellationToken cancellation)
        {
            Manifests[manifest.Root] = manifest;
            return Task.FromResult(Absent);
        }

        public Task<Failure?> FileAsync(string provider, IReadOnlyList<SharedEntry> entries, CancellationToken cancellation)
        {
            Assert.Equal(Key.ToString(), provider);
            if (Absent is { } absent)
            {
                return Task.FromResult<Failure?>(absent);
            }

            if (entries.Any(entry => entry.Path == Refused))
            {
                return Task.FromResult<Failure?>(new Failure(FailureKind.Forbidden, "not there"));
            }

            foreach (var entry in entries)
            {
                Entries[entry.Path] = entry.Root;
            }

            return Task.FromResult<Failure?>(null);
        }

        public Task<Failure?> RemoveAsync(string path, Hash256 root, CancellationToken cancellation)
        {
            if (Absent is null && Entries.TryGetValue(path, out var there) && there == root)
            {
                Entries.TryRemove(path, out _);
            }

            return Task.FromResult(Absent);
        }

        public Task<Failure?> WithdrawAsync(string provider, IReadOnlyList<Hash256> roots, CancellationToken cancellation)
        {
            foreach (var root in Absent is null ? roots : [])
            {
                Withdrawn[root] = true;
            }

            return Task.FromResult(Absent);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
