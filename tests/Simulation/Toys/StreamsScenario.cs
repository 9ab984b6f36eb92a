using Cete.Core;
using Cete.Simulation.World;

namespace Cete.Simulation.Toys;

/// <summary>
/// Processes that open connections to each other at random, talk, close and abort, under all faults. Whatever happens, what one side
/// is told is a beginning of what the other side sent, and once all is healed, nothing that is open holds anything back.
/// </summary>
internal static class StreamsScenario
{
    private const int Hosts = 4;

    public static void Run(SimWorld world)
    {
        world.Network.Defaults = LinkSettings.Wan;
        world.Network.Connections = new ConnectionSettings { WindowBytes = 60_000, SendQueueBytes = 90_000, HandshakeFailurePpm = 20_000 };
        var ledger = new Ledger();
        world.AddHosts(Hosts, host => new Talker(host, ledger));
        world.Hosts[0].Uplink.BytesPerSecond = 200_000;
        world.Hosts[1].Downlink.BytesPerSecond = 200_000;
        world.StartAll();
        var nemesis = Nemesis.Unleash(world, new NemesisOptions { DownMost = 2 });
        world.RunUntil(nemesis.End);
        ledger.IsQuiet = true;
        world.RunFor(TimeSpan.FromMinutes(10));
        ledger.CheckEnd(world);
    }

    /// <summary>What an onlooker knows of each connection: how much each side sent and was told.</summary>
    private sealed class Ledger
    {
        private readonly SortedDictionary<(long Connection, bool ByInitiator), Count> _counts = [];

        public bool IsQuiet { get; set; }

        public void Sent(SimConnection connection, int bytes)
        {
            var count = Of(connection.Id, connection.IsInitiator);
            (count.Sent, count.BytesSent) = (count.Sent + 1, count.BytesSent + bytes);
        }

        public void Told(SimConnection connection, long number, int bytes)
        {
            var count = Of(connection.Id, !connection.IsInitiator);
            Check.That(number == count.Told++ && number < count.Sent, $"{connection}: told {number} of {count.Sent}");
            count.BytesTold += bytes;
        }

        public void CheckEnd(SimWorld world)
        {
            Check.That(_counts.Values.Count(count => count.Told > 3) > 20, "connections were of use");
            foreach (var connection in world.Hosts.SelectMany(host => host.Connections))
            {
                Check.That(connection is { IsOpen: true, QueuedBytes: 0 }, $"{connection} neither works nor ends, {connection.QueuedBytes} B wait");

                // The other side may be gone, with what it had not read, and the packet that said so lost.
                var count = Of(connection.Id, connection.IsInitiator);
                var isAllTold = (count.Sent, count.BytesSent) == (count.Told, count.BytesTold);
                Check.That(isAllTold || !connection.Other.IsOpen, $"{connection}: told {count.Told} of {count.Sent}");
            }
        }

        private Count Of(long connection, bool byInitiator)
        {
            if (!_counts.TryGetValue((connection, byInitiator), out var count))
            {
                _counts.Add((connection, byInitiator), count = new Count());
            }

            return count;
        }
    }

    private sealed class Count
    {
        public long Sent { get; set; }

        public long Told { get; set; }

        public long BytesSent { get; set; }

        public long BytesTold { get; set; }
    }

    private sealed class Talker(SimHost host, Ledger ledger) : ISimProcess
    {
        private readonly List<Talk> _talks = [];

        public void Start() => Next();

        public void OnOpened(SimConnection connection)
        {
            Check.That(connection is { IsOpen: true, IsClosed: false, Tag: null }, "opened once");
            var talk = new Talk(connection);
            connection.Tag = talk;
            _talks.Add(talk);
            Say(talk);
        }

        public void OnReceived(SimConnection connection, in SimMessage message)
        {
            Check.That(connection is { IsOpen: true, Tag: Talk }, "told only while it is open");
            ledger.Told(connection, message.As<(long Number, int Host)>().Number, message.Bytes);
            Check.That(message.As<(long Number, int Host)>().Host == connection.Peer, "told by the one who said it");
        }

        public void OnWritable(SimConnection connection)
        {
            Check.That(connection.IsOpen, "writable only while it is open");
            Say((Talk)connection.Tag!);
        }

        public void OnClosed(SimConnection connection, CloseReason reason)
        {
            Check.That(connection is { IsOpen: false, IsClosed: true }, "closed for good");
            Check.That(connection.Tag is null || _talks.Remove((Talk)connection.Tag), "closed once");
        }

        private void Next()
        {
            host.After(TimeSpan.FromMilliseconds(host.Random.Next(600)), Next);
            if (ledger.IsQuiet)
            {
                return;
            }

            if (_talks.Count == 0 || host.Random.Chance(1, 5))
            {
                host.Connect(host.Random.Next(Hosts));
                return;
            }

            var talk = _talks[host.Random.Next(_talks.Count)];
            switch (host.Random.Next(20))
            {
                case 0:
                    _talks.Remove(talk);
                    talk.Connection.Close();
                    break;
                case 1:
                    _talks.Remove(talk);
                    talk.Connection.Abort();
                    break;
                default:
                    Say(talk);
                    break;
            }
        }

        private void Say(Talk talk)
        {
            for (var count = host.Random.Next(5); count > 0 && !ledger.IsQuiet; count--)
            {
                var bytes = host.Random.Chance(1, 4) ? host.Random.Next(60_000) : host.Random.Next(500);
                if (!talk.Connection.Send(SimMessage.Of((talk.Said, host.Id), bytes, Fingerprint.Of(talk.Said))))
                {
                    return;
                }

                talk.Said++;
                ledger.Sent(talk.Connection, bytes);
            }
        }
    }

    private sealed class Talk(SimConnection connection)
    {
        public SimConnection Connection => connection;

        public long Said { get; set; }
    }
}
