using System.Text;
using Cete.Core;

namespace Cete.Storage;

/// <summary>Keys, certificates and what else a node must know of its community to come back to it, in <c>trust/</c> of its data folder.</summary>
/// <param name="data">The data folder.</param>
public sealed class TrustFolder(string data)
{
    /// <summary>Its name.</summary>
    public const string Name = "trust";

    /// <summary>The node's key and certificate.</summary>
    public const string Node = "node.pem";

    /// <summary>The key of a node that has asked to join and has no answer yet.</summary>
    public const string Joining = "joining.pem";

    /// <summary>The issuing key, on a node that keeps the roster.</summary>
    public const string Issuing = "issuing.pem";

    /// <summary>Issuing keys that others are to have, one a file; on the node where the root key was at hand last.</summary>
    public static readonly IReadOnlyList<string> Spares = [.. Enumerable.Range(1, 8).Select(number => $"spare-issuing-{number}.pem")];

    /// <summary>The community's root certificate in DER, on the node where it was made.</summary>
    public const string Root = "root.crt";

    /// <summary>The key of the community's first administrator, on the node where the community was made.</summary>
    public const string Administrator = "administrator.pem";

    /// <summary>The newest roster with its signature.</summary>
    public const string Roster = "roster";

    /// <summary>Where other nodes were last, a line each.</summary>
    public const string Peers = "peers";

    /// <summary>Where a file of it is.</summary>
    public string PathOf(string name) => Path.Combine(data, Name, name);

    /// <summary>Whether a file of it is there.</summary>
    public bool Has(string name) => File.Exists(PathOf(name));

    /// <summary>A file of it; null if there is none.</summary>
    public Outcome<byte[]?> Read(string name) => PrivateFile.Read(PathOf(name));

    /// <summary>A file of text; null if there is none.</summary>
    public Outcome<string?> ReadText(string name) => Read(name).Then(bytes => bytes is null ? null : Encoding.UTF8.GetString(bytes));

    /// <summary>Writes a file of it.</summary>
    public Failure? Write(string name, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var folder = Path.Combine(data, Name);
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"the folder {Name} cannot be made in {data}: {error.Message}");
        }

        return PrivateFile.Write(PathOf(name), bytes);
    }

    /// <summary>Writes a file of text.</summary>
    public Failure? Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Removes a file, if it is there.</summary>
    public void Remove(string name) => File.Delete(PathOf(name));
}
