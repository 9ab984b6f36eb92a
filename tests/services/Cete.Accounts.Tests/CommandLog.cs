using Cete.Core;
using Cete.Groups;

namespace Cete.Accounts.Tests;

/// <summary>Commands with their stamps in a file, for logs that must be understood for ever.</summary>
internal static class CommandLog
{
    public static void Write(string path, IReadOnlyList<(Instant At, ClientCommand Command)> commands)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(commands.Count);
        foreach (var (at, command) in commands)
        {
            writer.Write(at.Microseconds);
            writer.Write(command.Type);
            writer.Write(command.Asker.Account);
            writer.Write(string.Join(' ', command.Asker.Roles));
            writer.Write(command.Body.Length);
            writer.Write(command.Body.Span);
        }
    }

    public static IEnumerable<(Instant At, ClientCommand Command)> Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var (at, type, account, roles) = (new Instant(reader.ReadInt64()), reader.ReadString(), reader.ReadString(), reader.ReadString());
            var body = reader.ReadBytes(reader.ReadInt32());
            yield return (at, new ClientCommand(type, body, new Asker(account, roles.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        }
    }
}
