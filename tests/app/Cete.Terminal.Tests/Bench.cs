using System.Globalization;
using System.Text.Json.Nodes;
using Cete.Api;
using Cete.App.Verbs.Open.Drawing;
using Cete.App.Verbs.Open.Keys;
using Cete.App.Verbs.Open.Model;
using Cete.Core;
using Cete.Described;
using Cete.Hocon;
using Cete.Testing;

namespace Cete.Terminal.Tests;

/// <summary>An open service without a terminal and without a node: keys go in, frames and wishes come out.</summary>
internal sealed class Bench
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 18, 30, 0, TimeSpan.Zero);
    private readonly List<Effect> _wanted = [];

    private Bench(OpenModel model, string? target)
    {
        var (begun, effects) = OpenUpdate.Begin(model, target is null ? null : Target.Read(model.Scene.Service, target).Value);
        Model = begun;
        _wanted.AddRange(effects);
    }

    public OpenModel Model { get; private set; }

    public Scene Scene => Model.Scene;

    /// <summary>What is shown, as text.</summary>
    public string Shown => OpenDrawing.Draw(Model).ToString();

    /// <summary>Opens one of the services that every community can begin with.</summary>
    public static Bench Open(string service, string? target = null, int width = 80, int height = 24) => OpenText(
        File.ReadAllText(Descriptions.Own(service)), target, width, height);

    /// <summary>Opens a service by its description.</summary>
    public static Bench OpenText(string hocon, string? target = null, int width = 80, int height = 24) =>
        new(new OpenModel(SceneOf(hocon), width, height), target);

    /// <summary>A service, read in English and in UTC.</summary>
    public static Scene SceneOf(string hocon)
    {
        var reading = DescriptorReader.ReadJson(HoconWriter.ToJson(HoconDocument.Load(hocon, "test.conf")), "test");
        Assert.True(reading.Descriptor is not null, reading.Errors);
        return new Scene(reading.Descriptor, "en", TimeZoneInfo.Utc) { Now = Now };
    }

    /// <summary>A record, made an hour before now.</summary>
    public static RecordInfo Record(string kind, long id, string fields, string? labels = null) => new(
        kind, id, "owner-1", Now.AddHours(-1), Now.AddHours(-1), 1, JsonNode.Parse(fields)!.AsObject())
    {
        Labels = labels is null ? null : JsonNode.Parse(labels)!.AsObject().ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>()),
    };

    /// <summary>The last thing of a kind that was wanted.</summary>
    public TEffect Wanted<TEffect>()
        where TEffect : Effect => _wanted.OfType<TEffect>().Last();

    /// <summary>How many things of a kind were wanted.</summary>
    public int CountOf<TEffect>()
        where TEffect : Effect => _wanted.OfType<TEffect>().Count();

    /// <summary>Tells it something.</summary>
    public Bench Tell(Message message)
    {
        var (model, effects) = OpenUpdate.Update(Model, message);
        Model = model;
        _wanted.AddRange(effects);

        // Whatever is shown fits.
        var frame = OpenDrawing.Draw(model);
        Assert.Equal(model.Height, frame.Lines.Count);
        Assert.All(frame.Lines, line => Assert.Equal(model.Width, line.Width));
        return this;
    }

    /// <summary>Answers the last page that was asked for.</summary>
    public Bench Fill(params RecordInfo[] records) => FillPage(null, records);

    /// <summary>Answers it with a page that is not the last.</summary>
    public Bench FillPage(string? next, params RecordInfo[] records) =>
        Tell(new Message.Answered(Wanted<Effect.Records>().Ask, new RecordList(records, next, records.Length), null));

    /// <summary>Answers the last command.</summary>
    public Bench Done(long id = 1) => Tell(new Message.Answered(Wanted<Effect.Write>().Ask, new WrittenAnswer(id, 1, 0), null));

    /// <summary>Refuses it.</summary>
    public Bench Refuse(FailureKind kind, string why) => Tell(new Message.Answered(Wanted<Effect.Write>().Ask, null, new Failure(kind, why)));

    /// <summary>Presses keys: letters as they are, others by the bytes that terminals send for them.</summary>
    public Bench Press(string bytes)
    {
        var decoder = new KeyDecoder();
        foreach (var key in decoder.Take(System.Text.Encoding.UTF8.GetBytes(bytes)).Concat(decoder.IsWaiting ? decoder.Flush() : []))
        {
            Tell(new Message.Pressed(key));
        }

        return this;
    }

    /// <summary>Something is to be read on the screen.</summary>
    public Bench Shows(params string[] texts)
    {
        Assert.All(texts, text => Assert.Contains(text, Shown, StringComparison.Ordinal));
        return this;
    }

    public Bench ShowsNot(params string[] texts)
    {
        Assert.All(texts, text => Assert.DoesNotContain(text, Shown, StringComparison.Ordinal));
        return this;
    }

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
