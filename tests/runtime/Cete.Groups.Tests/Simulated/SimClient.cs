using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Groups.Tests.Simulated;

/// <summary>
/// A client that asks until it is answered, always with the same id for the same command, and knows what each answer has to be.
/// What it knows survives the crashes of the node.
/// </summary>
internal sealed class SimClient(int number, int quota, Prng chance)
{
    private readonly List<(ClientCommand Command, string Reply)> _answered = [];
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"c{number}");
    private ClientCommand? _current;
    private int _generation;
    private int _added;

    public string Name => _name;

    /// <summary>Called with each command that was answered, again for each time.</summary>
    public Action<ClientCommand>? Answered { get; set; }

    public bool IsDone => _answered.Count == quota;

    /// <summary>What it was told is in the store, in this order.</summary>
    public IEnumerable<string> Notes =>
        _answered.Where(a => a.Command.Type == "add").Select(a => Encoding.UTF8.GetString(a.Command.Body.Span));

    /// <summary>Goes on with a node that has just started; what it waits for from the one before will not come.</summary>
    public Task RunAsync(IGroup group) => RunAsync(() => group);

    /// <summary>As the other one, with another group each time.</summary>
    public async Task RunAsync(Func<IGroup> group)
    {
        var generation = ++_generation;
        while (!IsDone)
        {
            _current ??= Next();
            var reply = await group().SubmitAsync(_current);
            if (generation != _generation)
            {
                return;
            }

            if (!reply.Succeeded)
            {
                Assert.Contains(reply.Failure.Kind, new[] { FailureKind.Full, FailureKind.Unavailable });
                continue;
            }

            Take(_current, Text(reply.Value));
            Answered?.Invoke(_current);
            _current = chance.Chance(1, 5) ? _answered[chance.Next(_answered.Count)].Command : null;
        }
    }

    private static string Text(CommandReply reply) =>
        $"{reply.Index} {reply.Result.Failure?.ToString() ?? Encoding.UTF8.GetString(reply.Result.Value.Span)}";

    private ClientCommand Next()
    {
        var sequence = _answered.Count + 1;
        var type = chance.Chance(1, 6) ? "add-then-fail" : "add";
        return new ClientCommand(type, Encoding.UTF8.GetBytes($"{_name} {sequence}"), Asker.Local, new RequestId(_name, sequence));
    }

    private void Take(ClientCommand command, string reply)
    {
        var sequence = (int)command.Id!.Value.Sequence;
        if (sequence <= _answered.Count)
        {
            Assert.Equal(_answered[sequence - 1].Reply, reply);
            return;
        }

        if (command.Type == "add")
        {
            _added++;
            Assert.EndsWith($" {_added}", reply, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(" no ", reply, StringComparison.Ordinal);
        }

        _answered.Add((command, reply));
    }
}
