namespace Cete.Benchmarks.Swarms;

/// <summary>A program that brings one file from the first hosts to all others. Disposing ends all of its processes.</summary>
internal interface ISwarmProgram : IDisposable
{
    string Name { get; }

    /// <summary>Starts those who have the file, and whatever of the others runs before the clock.</summary>
    Task PrepareAsync(string file, int sources, int downloaders);

    /// <summary>Has all others fetch it; returns at once.</summary>
    Task BeginAsync();

    /// <summary>A file that is there when a host has all of it.</summary>
    string DoneOf(int host);

    /// <summary>Where a host has it then.</summary>
    string ResultOf(int host);
}
