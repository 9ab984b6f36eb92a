using Cete.Core;
using Cete.Groups;
using Cete.Hocon;
using Cete.Testing;

namespace Cete.Described.Tests;

/// <summary>Described services over tables in memory, with short forms of what tests say often.</summary>
internal sealed class Shelf : IDisposable
{
    public static readonly Asker Administrator = Of("admin", RoleDefinition.Administrator) with { Grants = [Grant.All] };
    public static readonly Asker Ada = Of("ada");
    public static readonly Asker Ben = Of("ben");
    public static readonly Asker Guest = new(string.Empty, []);
    public static readonly Asker Node = new(KeyId.Of([7]).ToString(), [DescribedMachine.ServicesRole]);

    /// <param name="level">The apply level of its tables; the newest by itself.</param>
    public Shelf(int? level = null)
    {
        Group = new DirectGroup(DescribedService.Name, new DescribedMachine(), level);
        Services = new DescribedService(Group, Group);
    }

    public DirectGroup Group { get; }

    public DescribedService Services { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>An account, by a short name.</summary>
    public static Asker Of(string name, params string[] roles) => new(AccountOf(name), [RoleDefinition.Member, .. roles]);

    public static string AccountOf(
        string name) => new AccountId(KeyId.Of(System.Text.Encoding.UTF8.GetBytes(name)).ToArray().AsSpan()[..AccountId.Size]).ToString();

    /// <summary>Reads a description as its author writes it.</summary>
    public static DescriptorReading Read(string hocon) => DescriptorReader.Read(HoconDocument.Load(hocon, "test.conf"));

    /// <summary>The text of a sample.</summary>
    public static string Sample(string name) => File.ReadAllText(Descriptions.Sample(name));

    public async Task<long> PublishAsync(string hocon, long replaces = 0)
    {
        var done = await TryPublishAsync(hocon, replaces);
        Assert.True(done.Succeeded, done.Failure?.Message);
        return done.Value.Edition;
    }

    public Task<Outcome<(long Edition, IReadOnlyList<string> Changes)>> TryPublishAsync(string hocon, long replaces = 0)
    {
        var reading = Read(hocon);
        Assert.True(reading.Descriptor is not null, reading.Errors);
        return Services.PublishAsync(reading.Descriptor.Json, replaces, Administrator, null, Cancel);
    }

    public Task<Outcome<Written>> CreateAsync(Asker asker, string service, string kind, params (string Name, string Text)[] values) =>
        Services.CreateAsync(service, kind, Inputs(values), asker, null, default, Cancel);

    public async Task<long> MakeAsync(Asker asker, string service, string kind, params (string Name, string Text)[] values)
    {
        var made = await CreateAsync(asker, service, kind, values);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value.Id;
    }

    public Task<Outcome<Written>> SetAsync(Asker asker, string service, string kind, long id, params (string Name, string Text)[] values) =>
        Services.UpdateAsync(
            service, kind, id, [.. values.Select(pair => new FieldEdit(pair.Name, EditKind.Set, InputValue.Of(pair.Text)))], 0, asker, null, Cancel);

    public Task<Outcome<Written>> EditAsync(Asker asker, string service, string kind, long id, FieldEdit edit, long revision = 0) =>
        Services.UpdateAsync(service, kind, id, [edit], revision, asker, null, Cancel);

    public Task<Outcome<Written>> DeleteAsync(Asker asker, string service, string kind, long id) =>
        Services.DeleteAsync(service, kind, id, 0, asker, null, Cancel);

    public Task<Outcome<Written>> ActAsync(Asker asker, string service, string action, long id, params (string Name, string Text)[] input) =>
        Services.ActAsync(service, action, id, Inputs(input), asker, null, default, Cancel);

    public Task<Outcome<RecordView>> GetAsync(Asker asker, string service, string kind, long id) =>
        Services.GetAsync(service, kind, id, asker.Standing, Cancel);

    public async Task<string> FieldAsync(Asker asker, string service, string kind, long id, string field)
    {
        var found = await GetAsync(asker, service, kind, id);
        Assert.True(found.Succeeded, found.Failure?.Message);
        return FieldText.Write(found.Value.Get(field));
    }

    public Task<Outcome<RecordPage>> TryListAsync(Asker asker, RecordQuery query) => Services.ListAsync(query, asker.Standing, Cancel);

    public async Task<RecordPage> ListAsync(Asker asker, RecordQuery query)
    {
        var found = await TryListAsync(asker, query);
        Assert.True(found.Succeeded, found.Failure?.Message);
        return found.Value;
    }

    public async Task<long[]> IdsAsync(Asker asker, string service, string kind, string? filter = null) =>
        [.. (await ListAsync(asker, new RecordQuery(service, kind) { Filter = filter, Sort = ["id"] })).Items.Select(record => record.Id)];

    /// <summary>Has what is due done, until nothing is.</summary>
    public async Task TickAsync()
    {
        while ((await Services.TickAsync(Node, Cancel)).Value)
        {
        }
    }

    /// <summary>Raises its tables to an apply level.</summary>
    public void Raise(int level)
    {
        using var sql = new SqlSession(Group.Connection);
        new DescribedMachine().Raise(level, sql);
        Group.Level = level;
    }

    public void Dispose() => Group.Dispose();

    private static IEnumerable<KeyValuePair<string, InputValue>> Inputs((string Name, string Text)[] values) =>
        values.Select(pair => new KeyValuePair<string, InputValue>(pair.Name, InputValue.Of(pair.Text)));
}
