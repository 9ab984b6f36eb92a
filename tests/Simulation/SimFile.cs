using Cete.Ports;

namespace Cete.Simulation;

/// <summary>An open file of <see cref="SimFiles"/>.</summary>
internal sealed class SimFile(SimFiles disk, string path, SimFileImage image, int boot) : IFile
{
    private bool _closed;

    public long Length
    {
        get
        {
            CheckOpen();
            return image.Length;
        }
    }

    public int Read(Span<byte> buffer, long offset)
    {
        CheckOpen();
        if (disk.Unreadable.Contains(path))
        {
            throw new IOException("Input/output error", 5);
        }

        var bytes = image.Read(offset, buffer.Length);
        bytes.CopyTo(buffer);
        return bytes.Length;
    }

    public void Write(ReadOnlySpan<byte> bytes, long offset)
    {
        CheckOpen();
        var done = disk.Part(bytes.Length);
        try
        {
            disk.TakeOperation();
            done = disk.TakeWrite() ? throw SimFiles.NoRoom() : bytes.Length;
        }
        finally
        {
            image.Write(bytes[..done], offset);
        }
    }

    public void SetLength(long length)
    {
        CheckOpen();
        disk.TakeOperation();
        if (length > image.Length && disk.TakeWrite())
        {
            throw SimFiles.NoRoom();
        }

        image.SetLength(length);
    }

    public void Sync()
    {
        CheckOpen();
        disk.TakeSync(image);
        image.Sync();
    }

    public void Dispose() => _closed = true;

    private void CheckOpen()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        disk.CheckAlive(boot);
    }
}
