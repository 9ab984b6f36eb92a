using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Cete.Api;
using Cete.Core;
using Cete.Net;
using Cete.Swarm;
using Cete.Transfer;

namespace Cete.App.Verbs.Get;

/// <summary>Finds out what the arguments of <c>cete get</c> mean: which files, with which content, from whom, and where they go.</summary>
internal sealed class Finder(NodeClient node, string target, GetRequest request)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private volatile bool _hasAnswered;
    private volatile bool _complete;

    /// <summary>Everything wanted has been named.</summary>
    public bool IsComplete => _complete;

    public async IAsyncEnumerable<Wanted> FindAsync(
        IReadOnlyList<string> arguments, ConcurrentQueue<PublishProblem> problems, [EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var argument in arguments)
        {
            await foreach (var found in FindAsync(argument, stop))
            {
                if (found.Succeeded)
                {
                    yield return found.Value;
                }
                else
                {
                    problems.Enqueue(new PublishProblem(argument, found.Failure));
                }
            }
        }

        _complete = true;
    }

    private IAsyncEnumerable<Outcome<Wanted>> FindAsync(string argument, CancellationToken stop)
    {
        if (Uri.TryCreate(argument, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return One(FromAddressAsync(address, stop));
        }

        if (Hash256.TryParse(argument, out _))
        {
            return One(FromIdFileAsync(node, Routes.IdFileOfContent(argument), null, stop));
        }

        // A path of the index begins with '/'; a file of the user's that exists and is called .cete is an ID file wherever it is.
        if (argument.EndsWith(".cete", StringComparison.OrdinalIgnoreCase) && File.Exists(argument))
        {
            return One(FromFileAsync(argument, stop));
        }

        return FromPathAsync(argument, stop);
    }

    private static async IAsyncEnumerable<Outcome<Wanted>> One(Task<Outcome<Wanted>> find)
    {
        yield return await find;
    }

    private async Task<Outcome<Wanted>> FromAddressAsync(Uri address, CancellationToken stop)
    {
        await using var other = Common.Connect(new Uri(address, "/"), request.Trust);
        return await FromIdFileAsync(other, address.PathAndQuery, null, stop);
    }

    private async Task<Outcome<Wanted>> FromFileAsync(string path, CancellationToken stop)
    {
        try
        {
            if (new FileInfo(path).Length > Limits.IdFileBytesMax)
            {
                return new Failure(FailureKind.TooLarge, $"an ID file has at most {Limits.IdFileBytesMax} bytes");
            }

            return Check(IdFile.Read(await File.ReadAllBytesAsync(path, stop)), node.Node, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Failure(FailureKind.Forbidden, $"the ID file cannot be read: {error.Message}");
        }
    }

    private async Task<Outcome<Wanted>> FromIdFileAsync(NodeClient from, string path, Instant? modified, CancellationToken stop) =>
        Check(await PatientlyAsync(() => from.GetIdFileAsync(path, stop), stop), from.Node, modified);

    private Outcome<Wanted> Check(Outcome<IdFile> read, Uri from, Instant? modified)
    {
        if (!read.Succeeded)
        {
            return read.Failure;
        }

        var file = read.Value;
        return CheckName(file.Name) is { } failure
            ? failure
            : new Wanted(Path.Combine(target, file.Name), file.Manifest, SourcesOf(file, from), modified)
            {
                Peers = [.. file.Peers.Select(peer => peer.ToUri())],
            };
    }

    /// <summary>The user's own node is asked in his session; others are shown a ticket first, which tells them less and is worth less to them.</summary>
    private IReadOnlyList<Uri> SourcesOf(IdFile file, Uri from)
    {
        var own = file.Sources.Where(source => source.Authority == node.Node.Authority).ToList();
        var others = file.Peers.Where(peer => $"{peer.Host}:{peer.Port}" != node.Node.Authority).Select(peer => peer.ToUri());
        IReadOnlyList<Uri> all = [.. own, .. others, .. file.Sources.Except(own)];
        return all.Count > 0 ? all : [from];
    }

    /// <summary>A name that is good in the index may lead elsewhere on this disk: on Windows '\' and ':' do.</summary>
    private static Failure? CheckName(string name) => EntryName.Check(name) is { } failure ? failure
        : name.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0
            ? new Failure(FailureKind.Invalid, $"'{EntryName.Show(name)}' cannot be a name on this disk")
            : null;

    private async IAsyncEnumerable<Outcome<Wanted>> FromPathAsync(string argument, [EnumeratorCancellation] CancellationToken stop)
    {
        var path = EntryPath.Parse(argument);
        if (!path.Succeeded)
        {
            yield return path.Failure;
            yield break;
        }

        var entry = path.Value.IsTop
            ? new Failure(FailureKind.NotFound, string.Empty)
            : await PatientlyAsync(
                () => node.GetAsync($"{Routes.EntryByPath}?path={Uri.EscapeDataString(path.Value.ToString())}", ApiJson.Default.EntryInfo, stop), stop);
        if (entry.Succeeded)
        {
            yield return await FromEntryAsync(entry.Value, Path.Combine(target, entry.Value.Name), stop);
            yield break;
        }

        if (entry.Failure.Kind != FailureKind.NotFound)
        {
            yield return entry.Failure;
            yield break;
        }

        await foreach (var found in FromFolderAsync(path.Value, stop))
        {
            yield return found;
        }
    }

    private async IAsyncEnumerable<Outcome<Wanted>> FromFolderAsync(EntryPath folder, [EnumeratorCancellation] CancellationToken stop)
    {
        string? cursor = null;
        do
        {
            var query = $"{Routes.Entries}?folder={Uri.EscapeDataString(folder.ToString())}&below=true&limit=500&cursor={cursor}";
            var page = await PatientlyAsync(() => node.GetAsync(query, ApiJson.Default.EntryPage, stop), stop);
            if (!page.Succeeded)
            {
                yield return page.Failure.Kind == FailureKind.NotFound
                    ? new Failure(FailureKind.NotFound, $"there is no entry or folder {folder}; 'cete ls' and 'cete search' show what there is")
                    : page.Failure;
                yield break;
            }

            foreach (var entry in page.Value.Entries)
            {
                var names = EntryPath.Parse(entry.Path);
                if (!names.Succeeded || names.Value.Names.Count <= folder.Names.Count || names.Value.Names.Any(name => CheckName(name) is not null))
                {
                    yield return new Failure(
                        FailureKind.Invalid, $"the node names an entry '{EntryName.Show(entry.Path)}', which is not in {folder} or cannot be named so on this disk");
                    continue;
                }

                // The folder's own name comes along, as 'cp -r' has it; every name was checked, so none leads out of the target.
                var relative = names.Value.Names.Skip(Math.Max(0, folder.Names.Count - 1));
                yield return await FromEntryAsync(entry, Path.Combine([target, .. relative]), stop);
            }

            cursor = page.Value.Next;
        }
        while (cursor is not null);
    }

    /// <summary>A node that has answered once is waited for when it goes away, as downloads do; one that never did may not be there at all.</summary>
    private async Task<Outcome<T>> PatientlyAsync<T>(Func<Task<Outcome<T>>> ask, CancellationToken stop)
    {
        for (var began = TimeProvider.System.GetTimestamp(); ;)
        {
            var answer = await ask();
            if (answer.Failure is not { Kind: FailureKind.Unavailable } || !_hasAnswered || TimeProvider.System.GetElapsedTime(began) >= request.Patience)
            {
                _hasAnswered |= answer.Failure is not { Kind: FailureKind.Unavailable };
                return answer;
            }

            await Task.Delay(Pause, TimeProvider.System, stop);
        }
    }

    private async Task<Outcome<Wanted>> FromEntryAsync(EntryInfo entry, string path, CancellationToken stop)
    {
        var modified = entry.Modified is { } time ? Instant.From(time) : (Instant?)null;
        if (CheckName(entry.Name) is { } failure)
        {
            return failure;
        }

        if (entry.TakenDown is { } reason)
        {
            return new Failure(
                FailureKind.TakenDown,
                $"the community's moderators took this content down: {EntryName.Show(reason)}. If that is wrong, appeal: cete appeal {entry.Root} --text WHY");
        }

        // Content of one piece is known by its root alone: that saves fetching its ID file.
        if (entry.Length is >= 0 and <= PieceLengths.Shortest && Hash256.TryParse(entry.Root, out var root))
        {
            return new Wanted(path, Manifest.OfOnePiece(entry.Length, root), [node.Node], modified) { Author = AuthorOf(entry) };
        }

        var found = await FromIdFileAsync(node, entry.IdFile, modified, stop);
        return found.Then(wanted => wanted with { Path = path, Author = AuthorOf(entry) });
    }

    private static AccountId? AuthorOf(EntryInfo entry) => AccountId.TryParse(entry.Owner, out var owner) ? owner : null;
}
