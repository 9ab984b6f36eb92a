using System.Security.Cryptography;
using Cete.Core;
using Cete.Ports;
using Cete.Ports.Swarms;
using Cete.Swarm;

namespace Cete.Net.Swarms;

/// <summary>The rooms of all contents that somebody listens to. For several callers at once.</summary>
/// <param name="contents">What there is.</param>
/// <param name="clock">The time here.</param>
public sealed class UploadRooms(IContents contents, TimeProvider clock) : IUploadRooms
{
    /// <summary>Where pieces come in, they are to be told of soon.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>Where everything is there, it is only looked who did not use his turn.</summary>
    private static readonly TimeSpan CalmInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>What the planner said counts for so long, also while nobody listens.</summary>
    private const int SuperSeedingMax = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash256, (UploadRoom Room, IContentFile? File)> _rooms = [];
    private readonly HashSet<Hash256> _superSeeding = [];

    /// <summary>What a peer has of a content, as far as it is known by other ways; null for nothing.</summary>
    public Func<Hash256, KeyId, PieceMap?>? Known { get; set; }

    /// <summary>Is told of a content that somebody begins to listen to.</summary>
    public Action<Hash256>? Opened { get; set; }

    /// <inheritdoc/>
    public void Has(in Hash256 content, KeyId peer, IReadOnlyList<int> pieces) => Find(content)?.Has(peer, pieces);

    /// <inheritdoc/>
    public bool Listens(in Hash256 content, KeyId peer) => Find(content)?.Listens(peer) == true;

    /// <inheritdoc/>
    public void SuperSeed(in Hash256 content, bool isSuperSeeding)
    {
        lock (_gate)
        {
            if (!isSuperSeeding)
            {
                _superSeeding.Remove(content);
            }
            else if (_superSeeding.Count < SuperSeedingMax)
            {
                _superSeeding.Add(content);
            }
        }

        Find(content)?.SuperSeed(isSuperSeeding);
    }

    /// <summary>Who listens to what is here of a content.</summary>
    public IReadOnlyList<KeyId> ListenersOf(in Hash256 content) => Find(content)?.Listeners ?? [];

    /// <summary>The room of a content; null where nobody listens.</summary>
    internal UploadRoom? Find(in Hash256 content)
    {
        lock (_gate)
        {
            return _rooms.TryGetValue(content, out var known) ? known.Room : null;
        }
    }

    /// <summary>The room of a content, with somebody in it; null where the content is not there.</summary>
    internal (UploadRoom Room, RoomListener Listener)? Join(Hash256 content, KeyId key)
    {
        var has = Known?.Invoke(content, key);

        // Opening it may read all of it.
        var file = contents.Find(content);
        var joined = Join(content, key, has, file, out var isNew);
        if (isNew)
        {
            Opened?.Invoke(content);
        }

        return joined;
    }

    private (UploadRoom Room, RoomListener Listener)? Join(Hash256 content, KeyId key, PieceMap? has, IContentFile? file, out bool isNew)
    {
        isNew = false;
        lock (_gate)
        {
            if (_rooms.TryGetValue(content, out var known))
            {
                file?.Dispose();
                return (known.Room, known.Room.Join(key, has));
            }

            if (file?.Manifest is null)
            {
                file?.Dispose();
                return null;
            }

            var room = new UploadRoom(file, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))), clock);
            room.SuperSeed(_superSeeding.Contains(content));
            _rooms.Add(content, (room, file));
            isNew = true;
            var listener = room.Join(key, has);
            _ = LookAsync(content, room);
            return (room, listener);
        }
    }

    private async Task LookAsync(Hash256 content, UploadRoom room)
    {
        do
        {
            await Task.Delay(room.IsWhole ? CalmInterval : LookInterval, clock, CancellationToken.None);
            room.Look();
            if (room.IsWhole)
            {
                Release(content);
            }
        }
        while (!Close(content, room));
    }

    /// <summary>What is whole needs no more looking at; its user may want to have the file to himself.</summary>
    private void Release(Hash256 content)
    {
        lock (_gate)
        {
            if (_rooms.TryGetValue(content, out var known) && known.File is { } file)
            {
                _rooms[content] = (known.Room, null);
                file.Dispose();
            }
        }
    }

    private bool Close(Hash256 content, UploadRoom room)
    {
        lock (_gate)
        {
            if (!room.IsEmpty)
            {
                return false;
            }

            _rooms.Remove(content, out var closed);
            closed.File?.Dispose();
            return true;
        }
    }
}
