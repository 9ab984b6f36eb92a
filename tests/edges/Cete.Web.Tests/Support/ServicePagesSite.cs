using Cete.Core;
using Cete.Described;
using Cete.Groups;
using Cete.Hocon;
using Cete.Testing;
using Cete.Web.Services;

namespace Cete.Web.Tests.Support;

/// <summary>A web door in a community with accounts and described services, of which 'ada' is the administrator.</summary>
internal sealed class ServicePagesSite : IAsyncDisposable
{
    private static readonly Asker Publisher = new("publisher", []) { Grants = [Grant.All] };

    private readonly AskedGroup _group;

    private ServicePagesSite()
    {
        // What is stamped lies just before what the pages call now.
        Group.Now = Instant.From(TimeProvider.System.GetUtcNow() + Site.Later);
        _group = new AskedGroup(Group);
        Services = new DescribedService(_group, Group);
    }

    public DirectGroup Group { get; } = new(DescribedService.Name, new DescribedMachine());

    public DescribedService Services { get; }

    public AccountsSite Accounts { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ServicePagesSite> StartAsync(params IEnumerable<string> descriptions)
    {
        var made = new ServicePagesSite();
        made.Accounts = await AccountsSite.StartAsync(parts =>
        {
            made._group.Book = parts.Book;
            return new ServicesParts(made.Services, parts.Book, parts.Guard, () => true);
        });
        foreach (var description in descriptions)
        {
            await made.PublishAsync(description);
        }

        return made;
    }

    /// <summary>The text of a sample.</summary>
    public static string Sample(string name) => File.ReadAllText(Descriptions.Sample(name));

    public async Task PublishAsync(string hocon, long replaces = 0)
    {
        var reading = DescriptorReader.Read(HoconDocument.Load(hocon, "test.conf"));
        Assert.True(reading.Descriptor is not null, reading.Errors);
        var done = await Services.PublishAsync(reading.Descriptor.Json, replaces, Publisher, null, Cancel);
        Assert.True(done.Succeeded, done.Failure?.Message);
    }

    public Task<Browser> OpenAsync(string name) => Accounts.OpenAsync(name);

    /// <summary>Makes a record in somebody's name.</summary>
    public async Task<long> MakeAsync(string owner, string service, string kind, params (string Name, string Text)[] values)
    {
        var account = await Accounts.Service.ByNameAsync(owner, Cancel) is { Succeeded: true } known ? known.Value : await Accounts.RegisterAsync(owner);
        var asker = new Asker(account.Id.ToString(), [RoleDefinition.Member]);
        var made = await Services.CreateAsync(
            service, kind, values.Select(pair => KeyValuePair.Create(pair.Name, InputValue.Of(pair.Text))), asker, null, default, Cancel);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value.Id;
    }

    /// <summary>How many commands were carried out.</summary>
    public int Done(string type) => Group.Commands.Count(command => command.Type == type);

    public async ValueTask DisposeAsync()
    {
        await Accounts.DisposeAsync();
        Group.Dispose();
    }

    /// <summary>As a root does it: finds out what whoever asks may do, and does what has an id once.</summary>
    private sealed class AskedGroup(DirectGroup group) : IGroup
    {
        private readonly Dictionary<RequestId, CommandReply> _done = [];

        public IAskers? Book { get; set; }

        public GroupId Id => group.Id;

        public GroupStatus Status => group.Status;

        public async Task<Outcome<CommandReply>> SubmitAsync(ClientCommand command, CancellationToken cancellation = default)
        {
            if (command.Id is { } known && _done.TryGetValue(known, out var reply))
            {
                return reply;
            }

            var isAccount = AccountId.TryParse(command.Asker.Account, out _) || command.Asker.Account.Length == 0;
            var asker = isAccount && command.Asker.Roles.Count == 0 ? Book!.Stamp(Id, command.Asker, null) : command.Asker;
            var done = asker.Succeeded ? await group.SubmitAsync(command with { Asker = asker.Value }, cancellation) : asker.Failure;
            if (command.Id is { } id && done.Succeeded)
            {
                _done[id] = done.Value;
            }

            return done;
        }

        public Task<Outcome<T>> ReadAsync<T>(
            Func<SqlSession, T> query, ReadLevel level = ReadLevel.Linearizable, CancellationToken cancellation = default) =>
            group.ReadAsync(query, level, cancellation);

        public Task<Outcome<FeedPage>> ReadFeedAsync(long after, int countMax, CancellationToken cancellation = default) =>
            group.ReadFeedAsync(after, countMax, cancellation);

        public Task<long> WaitForAppliedAsync(long index, CancellationToken cancellation = default) => group.WaitForAppliedAsync(index, cancellation);

        public Task<Outcome<long>> SnapshotAsync(Stream target, CancellationToken cancellation = default) => group.SnapshotAsync(target, cancellation);
    }
}
