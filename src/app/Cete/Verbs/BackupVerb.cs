using System.CommandLine;
using System.Formats.Tar;
using Cete.Api;
using Cete.App.Compose.Community;
using Cete.App.Output;
using Cete.App.Verbs.Backup;
using Cete.Core;
using Cete.Groups;
using Cete.Net;
using Cete.Storage;
using Cete.Storage.State;
using Cete.Tracker;
using Founding = Cete.App.Compose.Community.Founding;

namespace Cete.App.Verbs;

/// <summary><c>cete backup</c> and <c>cete restore</c>: the state of a community's services in a file, and a new community from it.</summary>
internal static class BackupVerb
{
    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write it; it is overwritten when the backup is whole." };
        var (key, node, trust, json) = (Common.Key(), Common.Node(), Common.Trust(), Common.Json());
        var verb = new Command("backup", Common.WithExamples(
            "Write the state of the services of a running community to a file, each as of one moment; nobody has to wait meanwhile, only what services take over from each other pauses. It holds what the "
            + "services know (the file index, the roster), not the contents of files, and no keys: keep the root key and its passphrase beside it.",
            "cete backup cooks.cete-backup --key ~/cete/trust/administrator.pem")) { file, key, node, trust, json };
        verb.SetAction((parsed, stop) => Common.AdministerAsync(parsed, key, node, trust, client =>
            RunAsync(client, Path.GetFullPath(parsed.GetRequiredValue(file)), parsed.GetValue(json), stop)));
        return verb;
    }

    public static Command MakeRestore()
    {
        var file = new Argument<string>("FILE") { Description = "What 'cete backup' wrote." };
        var create = new Option<string?>("--create") { Description = "Name of the new community; that of the old one if it is not said.", HelpName = "NAME" };
        var data = Common.Data();
        var verb = new Command("restore", Common.WithExamples(
            "Make a new community from a backup: a node with new keys, whose services begin with what is in the file. Start it with 'cete node'. Members "
            + "of the old community are none of the new one: nodes join by tokens again.",
            "cete restore cooks.cete-backup --data ~/cete-new")) { file, create, data };
        verb.SetAction(parsed => Restore(parsed.GetRequiredValue(file), parsed.GetValue(create), Path.GetFullPath(parsed.GetRequiredValue(data))));
        return verb;
    }

    private static async Task<int> RunAsync(NodeClient client, string file, bool json, CancellationToken stop)
    {
        var status = await client.GetAsync(Routes.Status, ApiJson.Default.NodeStatus, stop);
        var groups = status.Succeeded ? await client.GetAsync(Routes.Groups, ApiJson.Default.GroupsAnswer, stop) : status.Failure;
        if (!groups.Succeeded)
        {
            return ExitCodes.Say(groups.Failure);
        }

        var names = groups.Value.Groups.Select(group => group.Name).ToList();
        var part = file + ".part";
        var pause = new ImportPause(client);
        try
        {
            if (await pause.HoldAsync(stop) is { } running)
            {
                return ExitCodes.Say(running);
            }

            var manifest = new BackupManifest(
                BackupFile.Format, status.Value.Community, status.Value.CommunityId ?? string.Empty, TimeProvider.System.GetUtcNow(), names);
            if (await WriteAsync(client, part, manifest, pause, json, stop) is { } failure)
            {
                return ExitCodes.Say(failure);
            }

            File.Move(part, file, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return ExitCodes.Say(new Failure(FailureKind.Forbidden, $"{file} cannot be written: {error.Message}"));
        }
        finally
        {
            await pause.EndAsync();
            File.Delete(part);
        }

        if (json)
        {
            JsonOut.Line(new BackupMade(file, new FileInfo(file).Length, names), OutputJson.Default.BackupMade);
        }
        else
        {
            Console.WriteLine($"{file}: {Units.Bytes(new FileInfo(file).Length)}");
        }

        return ExitCodes.Ok;
    }

    private static async Task<Failure?> WriteAsync(
        NodeClient client, string part, BackupManifest manifest, ImportPause pause, bool json, CancellationToken stop)
    {
        await using var target = new FileStream(part, FileMode.Create, FileAccess.Write);
        using var archive = new TarWriter(target);
        BackupFile.WriteManifest(archive, manifest);
        foreach (var group in manifest.Groups)
        {
            // An archive says how long a file is before the file.
            await using var snapshot = new FileStream(
                part + ".group", FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
            var fetched = await client.DownloadAsync($"{Routes.Backups}/{group}", snapshot, stop);
            if ((fetched.Failure ?? await pause.HoldAsync(stop)) is { } failure)
            {
                return failure;
            }

            snapshot.Position = 0;
            await archive.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, BackupFile.NameOf(group)) { DataStream = snapshot }, stop);
            if (!json)
            {
                Console.Error.WriteLine($"  {group}: {Units.Bytes(fetched.Value)}");
            }
        }

        target.Flush(flushToDisk: true);
        return null;
    }

    private static int Restore(string file, string? name, string data)
    {
        try
        {
            using var source = File.OpenRead(file);
            using var archive = new TarReader(source);
            var manifest = BackupFile.ReadManifest(archive, file);
            if (!manifest.Succeeded)
            {
                return ExitCodes.Say(manifest.Failure);
            }

            Founded? founded = null;
            var isNew = !Directory.Exists(data) || !Directory.EnumerateFileSystemEntries(data).Any();
            var made = DataFolder.Create(data, () =>
            {
                var begun = Founding.Make(data, name ?? manifest.Value.Community, mustExport: true);
                founded = begun.Succeeded ? begun.Value : null;
                return begun.Succeeded ? Install(archive, data, begun.Value.Facts) : begun.Failure;
            });
            if (!made.Succeeded)
            {
                if (isNew && Directory.Exists(data))
                {
                    // Keys of a community that there will never be, and half of its state.
                    Directory.Delete(data, recursive: true);
                }

                return ExitCodes.Say(made.Failure);
            }

            made.Value.Dispose();
            Console.WriteLine($"Community '{founded!.Facts.Community}' begins with the backup of {manifest.Value.Made.ToLocalTime():yyyy-MM-dd HH:mm}. Start it with 'cete node --data {data}'.");
            Console.WriteLine($"Its root key is {founded.RootKeyFile}; the passphrase, shown this once: {founded.Passphrase}");
            return ExitCodes.Ok;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            var kind = error is FileNotFoundException ? FailureKind.NotFound : FailureKind.Damaged;
            return ExitCodes.Say(new Failure(kind, $"{file} cannot be read: {error.Message}"));
        }
    }

    /// <summary>Lays the groups down. The roster is the old community's, with its nodes and keys; the new one begins with its own.</summary>
    private static Outcome<DataFolderFacts> Install(TarReader archive, string data, DataFolderFacts facts)
    {
        var stores = new SqliteStateStores(DataFolder.GroupsIn(data));
        var self = KeyId.TryParse(facts.Node, out var id) ? id : default;
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.Name == BackupFile.NameOf(TrackerService.Name.Name) || entry.DataStream is null)
            {
                continue;
            }

            if (!entry.Name.StartsWith(BackupFile.NameOf(string.Empty), StringComparison.Ordinal)
                || !GroupId.TryParse(entry.Name[BackupFile.NameOf(string.Empty).Length..], out var group))
            {
                return new Failure(FailureKind.Damaged, $"the backup holds '{EntryName.Show(entry.Name)}', which is no group");
            }

            var restored = GroupRecovery.Restore(stores, group, entry.DataStream, self);
            if (!restored.Succeeded)
            {
                return new Failure(restored.Failure.Kind, $"group '{group}': {restored.Failure.Message}");
            }
        }

        return facts;
    }
}
