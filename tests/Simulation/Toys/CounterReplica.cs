using System.Buffers.Binary;
using Cete.Simulation.World;

namespace Cete.Simulation.Toys;

/// <summary>Carries out what a <see cref="CounterMachine"/> wants: datagrams between replicas, connections from clients, a file of 8 bytes.</summary>
internal sealed class CounterReplica : ISimProcess
{
    private const string File = "counter";
    private static readonly TimeSpan TickEvery = TimeSpan.FromMilliseconds(250);
    private readonly SimHost _host;
    private readonly CounterMachine _machine;
    private readonly MachineDriver<CounterInput, CounterEffect> _driver;
    private readonly SortedDictionary<int, SimConnection> _clients = [];

    public CounterReplica(SimHost host, IReadOnlyList<int> backups, bool isAcknowledged)
    {
        _host = host;
        _machine = new CounterMachine(backups, isAcknowledged);
        _driver = new(_machine, () => host.Clock.Monotonic, CarryOut);
    }

    public long Value => _machine.Value;

    public void Start()
    {
        _driver.Step(new CounterInput.Began(Load()));
        Tick();
    }

    public void OnDatagram(int from, in SimMessage message) => _driver.Step(message.As<CounterInput>());

    public void OnOpened(SimConnection connection) => _clients[connection.Peer] = connection;

    public void OnReceived(SimConnection connection, in SimMessage message) =>
        _driver.Step(new CounterInput.Raise(connection.Peer, message.As<CounterInput.Raise>().Value));

    private void Tick()
    {
        _driver.Step(new CounterInput.Tick());
        _host.After(TickEvery, Tick);
    }

    private void CarryOut(CounterEffect effect)
    {
        switch (effect)
        {
            case CounterEffect.Persist persist:
                Store(persist.Value);
                break;
            case CounterEffect.Reply reply:
                _clients[reply.Client].Send(Message(new CounterInput.Raise(reply.Client, reply.Value), reply.Value));
                break;
            case CounterEffect.Replicate replicate:
                _host.Send(replicate.Backup, Message(new CounterInput.Update(_host.Id, replicate.Value), replicate.Value));
                break;
            case CounterEffect.Confirm confirm:
                _host.Send(confirm.Primary, Message(new CounterInput.Stored(_host.Id, confirm.Value), confirm.Value));
                break;
        }
    }

    internal static SimMessage Message(CounterInput input, long value) => SimMessage.Of(input, 16, Fingerprint.Of(value));

    private long Load()
    {
        if (!_host.Disk.Exists(File))
        {
            return 0;
        }

        // Two copies, written one after the other: a torn one does not cost both.
        using var file = _host.Disk.Open(File);
        return Math.Max(Read(file, 0), Read(file, 512));
    }

    private static long Read(Cete.Ports.IFile file, long offset)
    {
        Span<byte> bytes = stackalloc byte[16];
        return file.Read(bytes, offset) == bytes.Length && BinaryPrimitives.ReadInt64LittleEndian(bytes) is var value
            && BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) == ~value ? value : 0;
    }

    private void Store(long value)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], ~value);
        using var file = _host.Disk.Open(File);
        foreach (var offset in (int[])[0, 512])
        {
            file.Write(bytes, offset);
            file.Sync();
        }

        _host.Disk.SyncFolder(string.Empty);
    }
}
