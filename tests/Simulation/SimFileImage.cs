using Cete.Core;

namespace Cete.Simulation;

/// <summary>The bytes of one simulated file, twice: as written and as synced, with the sectors in which they may differ.</summary>
internal sealed class SimFileImage
{
    private const int Sector = 512;
    private readonly SortedSet<long> _dirty = [];
    private Bytes _written = new([], 0);
    private Bytes _synced = new([], 0);
    private bool _lengthIsDirty;

    public long Length => _written.Length;

    public ReadOnlySpan<byte> Read(long offset, int count) =>
        offset >= _written.Length ? [] : _written.Data.AsSpan((int)offset, (int)Math.Min(count, _written.Length - offset));

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (offset + bytes.Length > _written.Length)
        {
            SetLength(offset + bytes.Length);
        }

        bytes.CopyTo(_written.Data.AsSpan((int)offset));
        MarkDirty(offset, offset + bytes.Length);
    }

    public void SetLength(long length)
    {
        MarkDirty(Math.Min(length, _written.Length), Math.Max(length, _written.Length));
        _written = _written.Resized((int)length);
        _lengthIsDirty = true;
    }

    public void Sync()
    {
        if (_lengthIsDirty)
        {
            _synced = _synced.Resized(_written.Length);
        }

        foreach (var sector in _dirty)
        {
            CopySector(sector, _written, _synced);
        }

        _dirty.Clear();
        _lengthIsDirty = false;
    }

    /// <summary>A sync failed: some of what it had to write is dropped as if it had been written, as Linux does.</summary>
    public void Forget(Prng prng)
    {
        var percent = prng.Next(3) * 50;
        _dirty.RemoveWhere(_ => prng.Chance(percent, 100));
    }

    public void Flip(long offset, byte mask)
    {
        _written.Data[offset] ^= mask;
        if (offset < _synced.Length)
        {
            _synced.Data[offset] ^= mask;
        }
    }

    /// <summary>Power is lost: of what was not synced, some is there, in sectors.</summary>
    public void Crash(Prng prng, int keptPercent)
    {
        if (_lengthIsDirty && prng.Chance(keptPercent, 100))
        {
            _synced = _synced.Resized(_written.Length);
        }

        foreach (var sector in _dirty)
        {
            if (prng.Chance(keptPercent, 100))
            {
                CopySector(sector, _written, _synced);
            }
        }

        _dirty.Clear();
        _lengthIsDirty = false;
        _written = _synced.Copy();
    }

    private static void CopySector(long sector, Bytes from, Bytes to)
    {
        var start = (int)sector * Sector;
        var count = Math.Min(Sector, to.Length - start);
        if (count > 0)
        {
            var target = to.Data.AsSpan(start, count);
            target.Clear();
            if (start < from.Length)
            {
                from.Data.AsSpan(start, Math.Min(count, from.Length - start)).CopyTo(target);
            }
        }
    }

    private void MarkDirty(long from, long to)
    {
        for (var sector = from / Sector; sector * Sector < to; sector++)
        {
            _dirty.Add(sector);
        }
    }

    /// <summary>Bytes with room behind them, which is always zero.</summary>
    private readonly record struct Bytes(byte[] Data, int Length)
    {
        public Bytes Resized(int length)
        {
            var data = Data;
            if (length > data.Length)
            {
                Array.Resize(ref data, Math.Max(length, Math.Min(data.Length * 2, 1 << 30)));
            }

            if (length < Length)
            {
                data.AsSpan(length, Length - length).Clear();
            }

            return new Bytes(data, length);
        }

        public Bytes Copy() => new(Data.AsSpan(0, Length).ToArray(), Length);
    }
}
