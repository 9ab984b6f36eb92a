using System.CommandLine;
using Cete.App.Compose;
using Cete.App.Output;
using Cete.Configuration;
using Cete.Core;
using Cete.Described;
using Cete.Hocon;

namespace Cete.App.Verbs.Services;

/// <summary>
/// A description in a file, as this machine understands it: what it includes and what the environment says is resolved here, and nowhere else.
/// </summary>
internal static class DescriptionFile
{
    /// <summary>The argument that names one.</summary>
    public static Argument<string> Argument() => new("FILE") { Description = "The description, in HOCON." };

    /// <summary>Reads a file; a failure is for a file that cannot be read at all.</summary>
    public static Outcome<DescriptorReading> Read(string path)
    {
        var files = new TrackedFiles(HoconFiles.Instance);
        try
        {
            var options = new HoconResolveOptions { Includes = files, Environment = Environment.GetEnvironmentVariable };
            return files.Read(path).Then(text => DescriptorReader.Read(HoconDocument.Parse(text, path).Resolve(options)));
        }
        catch (HoconException error)
        {
            return new DescriptorReading(
                null, [.. error.Errors.Select(one => new Problem(one.Source, one.Line, one.Column, string.Empty, one.Message, string.Empty, false))]);
        }
    }

    /// <summary>Reads a file and says what is wrong with it; null where nothing can be done with it.</summary>
    public static (ServiceDescriptor? Descriptor, int Code) Open(string path)
    {
        var reading = Read(path);
        if (!reading.Succeeded)
        {
            return (null, ExitCodes.Say(reading.Failure));
        }

        foreach (var problem in reading.Value.Problems)
        {
            Console.Error.WriteLine(EntryName.Show(problem.ToString()));
        }

        return reading.Value.Descriptor is { } descriptor ? (descriptor, ExitCodes.Ok) : (null, ExitCodes.Usage);
    }

    /// <summary>The tree of a description's JSON form.</summary>
    public static HoconObject Tree(string json) => HoconDocument.Load(json, "description");
}
