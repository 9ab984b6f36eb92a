using System.Runtime.InteropServices;
using System.Text;

namespace Cete.App.Verbs.Open.Running;

/// <summary>
/// The terminal as this program's own: keys come one by one, the screen is another one than the shell's, and all of it is as it was once this is
/// disposed.
/// </summary>
internal sealed partial class RawTerminal : IDisposable
{
    /// <summary>More than the struct has on any system; only the system itself looks into it.</summary>
    private const int TermiosBytes = 512;

    private const int Input = 0;
    private const int Flush = 2;
    private const short PollIn = 1;

    /// <summary>The other screen, no cursor, and brackets around what is pasted.</summary>
    private const string Enter = "\u001b[?1049h\u001b[?25l\u001b[?2004h\u001b[2J";

    /// <summary>All of it undone, and the keys as the runtime may have had them.</summary>
    private const string Leave = "\u001b[0m\u001b[?2004l\u001b[?1l\u001b>\u001b[?25h\u001b[?1049l";

    private readonly byte[] _before = new byte[TermiosBytes];
    private readonly Stream _out = Console.OpenStandardOutput();
    private bool _isRaw;

    private RawTerminal()
    {
    }

    /// <summary>Takes the terminal; null where there is none that can be taken.</summary>
    public static RawTerminal? TryOpen()
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected || OperatingSystem.IsWindows()
            || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
        {
            return null;
        }

        var terminal = new RawTerminal();
        return terminal.Take() ? terminal : null;
    }

    /// <summary>Columns and lines.</summary>
    public static (int Width, int Height) Size()
    {
        if (OperatingSystem.IsLinux() && WindowSize(1, 0x5413, out var size) == 0 && size is { Columns: > 0, Rows: > 0 })
        {
            return (size.Columns, size.Rows);
        }

        return (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));
    }

    /// <summary>Takes it, after it was given back.</summary>
    public bool Take()
    {
        if (GetAttributes(Input, _before) != 0)
        {
            return false;
        }

        var raw = (byte[])_before.Clone();
        MakeRaw(raw);
        if (SetAttributes(Input, Flush, raw) != 0)
        {
            return false;
        }

        _isRaw = true;
        Write(Enter);
        return true;
    }

    /// <summary>Gives it back as it was.</summary>
    public void GiveBack()
    {
        if (_isRaw)
        {
            _isRaw = false;
            Write(Leave);
            _ = SetAttributes(Input, Flush, _before);
        }
    }

    /// <summary>Puts text on it at once.</summary>
    public void Write(string text)
    {
        try
        {
            _out.Write(Encoding.UTF8.GetBytes(text));
            _out.Flush();
        }
        catch (IOException)
        {
            // The terminal is gone: reading from it tells.
        }
    }

    /// <summary>Waits for bytes; 0 when none came in time, -1 when the terminal is gone.</summary>
    public static int Read(byte[] buffer, int milliseconds)
    {
        var poll = new PollFile { File = Input, Events = PollIn };
        var ready = Poll(ref poll, 1, milliseconds);
        if (ready <= 0)
        {
            // Interrupted by a signal, or nothing came.
            return 0;
        }

        var count = (int)ReadFile(Input, buffer, buffer.Length);
        return count > 0 ? count : -1;
    }

    public void Dispose()
    {
        GiveBack();
        _out.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int GetAttributes(int file, [Out] byte[] attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int SetAttributes(int file, int when, byte[] attributes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    private static partial void MakeRaw([In, Out] byte[] attributes);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int WindowSize(int file, nuint request, out Window size);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollFile files, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint ReadFile(int file, [Out] byte[] buffer, nint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollFile
    {
        public int File;
        public short Events;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Window
    {
        public ushort Rows;
        public ushort Columns;
        public ushort Width;
        public ushort Height;
    }
}
