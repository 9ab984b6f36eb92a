using System.Globalization;
using System.Text;
using Cete.Core;

namespace Cete.Consensus.Tests;

/// <summary>
/// Runs members step by step, as the lines of a transcript say, and tells below each line what the members did. Nothing happens by itself:
/// messages wait until they are delivered or dropped, writes until they are durable, time until it is let go on.
/// </summary>
internal sealed class RaftScript
{
    private readonly SortedDictionary<char, RaftMachine> _machines = [];
    private readonly SortedDictionary<char, long> _writes = [];
    private readonly List<(char From, char To, RaftMessage Message)> _messages = [];
    private readonly List<(char Node, ConsensusEffect.Load Load)> _loads = [];
    private readonly List<ConsensusEntry> _seen = [];
    private readonly StringBuilder _text = new();
    private RaftSettings _settings = new();
    private Instant _now = new(0);

    /// <summary>The script with what came of it; lines that begin with a space are the answers of an earlier run.</summary>
    public static string Run(string script)
    {
        var run = new RaftScript();
        foreach (var line in script.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !line.StartsWith(' ')))
        {
            run._text.Append(line).Append('\n');
            if (line.Length > 0 && line[0] != '#')
            {
                run.Do(line.Split(' '));
            }
        }

        return run._text.ToString().TrimEnd('\n') + "\n";
    }

    public static KeyId IdOf(char name)
    {
        var bytes = new byte[KeyId.Size];
        bytes[0] = (byte)name;
        return new KeyId(bytes);
    }

    private static char NameOf(KeyId id) => (char)id.ToArray()[0];

    private static string NamesOf(IEnumerable<KeyId> ids) => string.Concat(ids.Select(NameOf));

    private static Members? MembersOf(string text)
    {
        // "abc+d" are three voters and a learner; "-" is nobody that is known.
        var parts = text.Split('+');
        return text == "-" ? null : new Members(parts[0].Select(IdOf), parts.Length > 1 ? parts[1].Select(IdOf) : []);
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);

    private void Do(string[] words)
    {
        switch (words)
        {
            case ["start", [var node], var term, var vote, var members, .. var terms]:
                Start(node, Number(term), vote, MembersOf(members), terms);
                break;
            case ["unvouched", [var node], var term, var vote, var members, .. var terms]:
                Start(node, Number(term), vote, MembersOf(members), terms, isVouched: false);
                break;
            case ["tick", [var node]]:
                _now = Instant.Max(_now, _machines[node].NextDeadline ?? _now);
                Step(node, ConsensusInput.Tick.Instance);
                break;
            case ["wait", var milliseconds]:
                _now += TimeSpan.FromMilliseconds(Number(milliseconds));
                break;
            case ["persist", [var node]]:
                Step(node, new ConsensusInput.Persisted(_writes[node]));
                break;
            case ["deliver", [var from], [var to]]:
                foreach (var message in Take(from, to))
                {
                    Step(to, new ConsensusInput.Received(IdOf(from), message));
                }

                break;
            case ["drop", [var from], [var to]]:
                Told(from, $"{Take(from, to).Count} lost on the way to {to}");
                break;
            case ["settle", .. var nodes]:
                Settle(nodes);
                break;
            case ["propose", [var node], .. var commands]:
                Step(node, new ConsensusInput.Propose([.. commands.Select(command => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(command))]));
                break;
            default:
                DoMore(words);
                break;
        }
    }

    private void DoMore(string[] words)
    {
        switch (words)
        {
            case ["change", [var node], var members] when _machines[node].MayChangeTo(MembersOf(members)!):
                Step(node, new ConsensusInput.ChangeMembers(MembersOf(members)!));
                break;
            case ["change", [var node], _]:
                Told(node, "may not change the members");
                break;
            case ["transfer", [var node], [var to]]:
                Step(node, new ConsensusInput.Transfer(IdOf(to)));
                break;
            case ["gone", [var node], [var peer]]:
                Step(node, new ConsensusInput.PeerGone(IdOf(peer)));
                break;
            case ["quiesce-after", var milliseconds]:
                _settings = _settings with { QuiesceAfter = TimeSpan.FromMilliseconds(Number(milliseconds)) };
                break;
            case ["vouch", [var node]]:
                Step(node, ConsensusInput.Vouched.Instance);
                break;
            case ["remember", [var node], var term, var index]:
                Step(node, new ConsensusInput.Remembered(Number(term), Number(index), HasForgotten: false));
                break;
            case ["read", [var node], var token]:
                Step(node, new ConsensusInput.Read(Number(token)));
                break;
            case ["compact", [var node], var index]:
                Step(node, new ConsensusInput.Compacted(Number(index)));
                break;
            case ["install", [var node], var index, var term, var members]:
                Step(node, new ConsensusInput.SnapshotInstalled(Number(index), Number(term), MembersOf(members)!));
                break;
            case ["load", [var node]]:
                var load = _loads.Last(load => load.Node == node).Load;
                var entries = _seen.Where(entry => entry.Index >= load.From && entry.Index <= load.To)
                    .DistinctBy(entry => entry.Index).OrderBy(entry => entry.Index);
                Step(node, new ConsensusInput.Loaded(load.For, [.. entries]));
                break;
            default:
                throw new InvalidDataException($"'{string.Join(' ', words)}' is no line of a transcript");
        }
    }

    private void Start(char node, long term, string vote, Members? members, string[] terms, bool isVouched = true)
    {
        var entries = terms.Index().Select(at => new ConsensusEntry(at.Index + 1, Number(at.Item), Encoding.UTF8.GetBytes("old"))).ToList();
        _seen.AddRange(entries);
        var spans = entries.DistinctBy(entry => entry.Term).Select(entry => new TermSpan(entry.Index, entry.Term)).ToList();
        var log = new LogExtent(1, entries.Count, entries.Count == 0 ? 0 : entries[^1].Term, spans);
        _machines[node] = new RaftMachine(IdOf(node), _settings, node);
        _writes.Remove(node);
        _messages.RemoveAll(message => message.To == node);
        Step(node, new ConsensusInput.Start(term, vote == "-" ? null : IdOf(vote[0]), log, 0, members, []) { IsVouched = isVouched });
    }

    /// <summary>Persists and delivers among some members until nothing is left to do; all else stays where it is.</summary>
    private void Settle(string[] nodes)
    {
        var some = nodes.Select(node => node[0]).ToList();
        for (var rounds = 0; rounds < 100; rounds++)
        {
            var before = _text.Length;
            foreach (var node in some.Where(node => _writes.GetValueOrDefault(node) > 0).ToArray())
            {
                var write = _writes[node];
                Step(node, new ConsensusInput.Persisted(write), isQuiet: true);
            }

            foreach (var (from, to) in some.SelectMany(from => some.Select(to => (from, to))))
            {
                Take(from, to).ForEach(message => Step(to, new ConsensusInput.Received(IdOf(from), message)));
            }

            if (_text.Length == before)
            {
                return;
            }
        }

        throw new InvalidDataException("members do not come to rest");
    }

    private List<RaftMessage> Take(char from, char to)
    {
        var taken = _messages.Where(item => (item.From, item.To) == (from, to)).Select(item => item.Message).ToList();
        _messages.RemoveAll(item => (item.From, item.To) == (from, to));
        return taken;
    }

    private void Step(char node, ConsensusInput input, bool isQuiet = false)
    {
        var effects = new EffectSink<ConsensusEffect>();
        _machines[node].Step(input, _now, effects);
        foreach (var effect in effects.Effects)
        {
            Keep(node, effect);
            Told(node, Text(node, effect));
        }

        if (effects.Effects.Count == 0 && !isQuiet)
        {
            Told(node, "-");
        }
    }

    private void Keep(char node, ConsensusEffect effect)
    {
        switch (effect)
        {
            case ConsensusEffect.Send send:
                _messages.Add((node, NameOf(send.To), send.Message));
                break;
            case ConsensusEffect.PersistState state:
                _writes[node] = state.Write;
                break;
            case ConsensusEffect.ResetLog reset:
                _writes[node] = reset.Write;
                break;
            case ConsensusEffect.Append append:
                _writes[node] = append.Write;
                _seen.InsertRange(0, append.Entries);
                break;
            case ConsensusEffect.Load load:
                _loads.Add((node, load));
                break;
        }
    }

    private void Told(char node, string text) => _text.Append(CultureInfo.InvariantCulture, $"  {_now.Microseconds / 1_000,5} {node} {text}\n");

    private string Text(char node, ConsensusEffect effect) => effect switch
    {
        ConsensusEffect.PersistState state => $"writes term {state.Term}, vote {(state.VotedFor is { } vote ? NameOf(vote) : '-')}",
        ConsensusEffect.Append append => $"writes {Text(append.Entries)}",
        ConsensusEffect.ResetLog reset => $"drops its log, which goes on behind {reset.Index}/{reset.Term}",
        ConsensusEffect.Send send => $"to {NameOf(send.To)}: {Text(send.Message)}",
        ConsensusEffect.Commit commit => $"commits {commit.Index}",
        ConsensusEffect.RoleChanged => $"is {_machines[node].Role} in term {_machines[node].Term}, "
            + $"leader {(_machines[node].Leader is { } leader ? NameOf(leader) : '-')}"
            + (_machines[node].TransferTo is { } to ? $", hands over to {NameOf(to)}" : string.Empty),
        ConsensusEffect.ReadReady ready => $"read {ready.Token} at {ready.Index}",
        ConsensusEffect.ReadFailed failed => $"read {failed.Token} failed",
        ConsensusEffect.Load load => $"loads {load.From} to {load.To} for {NameOf(load.For)}",
        ConsensusEffect.FetchSnapshot fetch => $"fetches a snapshot of {fetch.Index} from {NameOf(fetch.From)}",
        ConsensusEffect.Misbehaved misbehaved => $"says that {NameOf(misbehaved.Who)} misbehaved: {misbehaved.What}",
        _ => throw new InvalidDataException($"{effect} is not known"),
    };

    private static string Text(IReadOnlyList<ConsensusEntry> entries) =>
        entries.Count == 0 ? "nothing" : string.Join(' ', entries.Select(entry => $"{entry.Index}/{entry.Term}{ContentOf(entry)}"));

    private static string ContentOf(ConsensusEntry entry) => entry.Members is { } members ? $"({NamesOf(members.Voters)}+{NamesOf(members.Learners)})"
        : entry.Data.IsEmpty ? string.Empty : $"({Encoding.UTF8.GetString(entry.Data.Span)})";

    private static string Text(RaftMessage message) => message switch
    {
        RaftMessage.VoteRequest ask => $"{(ask.IsPreVote ? "pre-vote" : "vote")}? term {ask.Term}, log to {ask.LastIndex}/{ask.LastTerm}"
            + (ask.IsTransfer ? ", by transfer" : string.Empty),
        RaftMessage.VoteReply reply => $"{(reply.IsPreVote ? "pre-vote" : "vote")} {(reply.IsGranted ? "yes" : "no")}, term {reply.Term}",
        RaftMessage.Append append => $"append term {append.Term}, behind {append.PreviousIndex}/{append.PreviousTerm}: {Text(append.Entries)}; "
            + $"committed {append.Commit}, round {append.Round}",
        RaftMessage.Heartbeat beat => $"heartbeat term {beat.Term}, committed {beat.Commit}, round {beat.Round}"
            + (beat.IsQuiescing ? ", the last one for long" : string.Empty),
        RaftMessage.AppendReply reply => $"has {reply.Received}, durable {reply.Durable}; term {reply.Term}, round {reply.Round}",
        RaftMessage.AppendRefusal no => $"lacks {no.PreviousIndex}, try {no.HintIndex}/{no.HintTerm}; term {no.Term}, round {no.Round}",
        RaftMessage.SnapshotOffer offer => $"offers a snapshot of {offer.Index}; term {offer.Term}, round {offer.Round}",
        RaftMessage.Rouse rouse => $"is there a leader? term {rouse.Term}",
        RaftMessage.Forgotten forgotten => $"you had {forgotten.Index}/{forgotten.IndexTerm}; term {forgotten.Term}",
        RaftMessage.TimeoutNow now => $"begin an election now; term {now.Term}",
        _ => throw new InvalidDataException($"{message} is not known"),
    };
}
