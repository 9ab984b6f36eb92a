using Cete.Api;
using Cete.App.Output;
using Cete.App.Verbs.Open.Drawing;
using Cete.App.Verbs.Open.Model;
using Cete.App.Verbs.Open.Running;
using Cete.App.Verbs.Open.Text;
using Cete.Described;
using Cete.Net;

namespace Cete.App.Verbs.Open.Plain;

/// <summary>Prints records: as JSON, one a line, or as people read them in a file.</summary>
/// <param name="client">Speaks with a node.</param>
/// <param name="scene">The service.</param>
internal sealed class OpenPrint(NodeClient client, Scene scene)
{
    /// <summary>Accounts whose names are asked for: more are shown by their ids.</summary>
    private const int NamesMax = 100;

    /// <summary>As many as a node gives at once.</summary>
    private const int APage = 200;

    private const int ColumnMax = 60;
    private const int RecordWidth = 100;

    private readonly ServicesClient _services = new(client);
    private readonly ServiceDesk _desk = new(client, scene.Service.Name);
    private Scene _scene = scene;

    private string Service => _scene.Service.Name;

    /// <summary>Prints what is meant; returns the exit code.</summary>
    public Task<int> RunAsync(Target? target, ListAsk how, CancellationToken stop)
    {
        if (target is { Kind: { } one, Id: { } id })
        {
            return RecordAsync(one, id, how.IsJson, stop);
        }

        var view = target?.View ?? _scene.Service.Views.FirstOrDefault(each => each.Records.Length > 0 && ViewShapes.Of(each) != "form");
        return view is null || _scene.Service.Record(view.Records) is not { } kind
            ? Task.FromResult(ExitCodes.Say(new Core.Failure(Core.FailureKind.Invalid, $"this view shows no records; there are {Kinds()}")))
            : ViewShapes.Of(view) == "chart" && how is { Sort: null, Limit: null, After: null }
                ? GroupsAsync(view, kind, how, stop)
                : ListAsync(view, kind, how, stop);
    }

    private string Kinds() => string.Join(", ", _scene.Service.Records.Select(kind => kind.Name));

    private async Task<int> RecordAsync(RecordKind kind, long id, bool isJson, CancellationToken stop)
    {
        var record = await _services.RecordAsync(Service, kind.Name, id, stop);
        if (!record.Succeeded)
        {
            return ExitCodes.Say(record.Failure);
        }

        if (isJson)
        {
            JsonOut.Line(record.Value, ServicesJson.Default.RecordInfo);
            return ExitCodes.Ok;
        }

        await NameAsync([record.Value], stop);
        foreach (var line in RecordLayout.Lines(_scene, new RecordScreen(string.Empty, kind, id) { Record = record.Value }, RecordWidth))
        {
            Console.WriteLine(line.Line.ToString().TrimEnd());
        }

        return ExitCodes.Ok;
    }

    private async Task<int> ListAsync(ViewDescriptor view, RecordKind kind, ListAsk how, CancellationToken stop)
    {
        var (left, cursor, table) = (how.Limit ?? int.MaxValue, how.After, (Columns?)null);
        do
        {
            var page = await _services.RecordsAsync(
                Service, kind.Name,
                new RecordAsk
                {
                    View = _scene.Service.Views.Contains(view) ? view.Name : null,
                    Filter = how.Filter,
                    Sort = how.Sort,
                    Cursor = cursor,
                    Limit = Math.Min(left, APage),
                },
                stop);
            if (!page.Succeeded)
            {
                return ExitCodes.Say(page.Failure);
            }

            if (how.IsJson)
            {
                foreach (var record in page.Value.Records)
                {
                    JsonOut.Line(record, ServicesJson.Default.RecordInfo);
                }
            }
            else
            {
                await NameAsync(page.Value.Records, stop);
                table = Print(view, kind, page.Value.Records, table);
            }

            (left, cursor) = (left - page.Value.Records.Count, page.Value.Next);
        }
        while (cursor is not null && left > 0);

        if (cursor is not null)
        {
            await Console.Error.WriteLineAsync($"cete: there are more; they begin with --after {cursor}");
        }

        return ExitCodes.Ok;
    }

    private async Task<int> GroupsAsync(ViewDescriptor view, RecordKind kind, ListAsk how, CancellationToken stop)
    {
        var by = view.Keys.GetValueOrDefault("group") ?? "owner";
        var groups = await _services.GroupsAsync(
            Service, kind.Name, by, view.Keys.GetValueOrDefault("value"), new RecordAsk { View = view.Name, Filter = how.Filter }, stop);
        if (!groups.Succeeded)
        {
            return ExitCodes.Say(groups.Failure);
        }

        foreach (var group in groups.Value.Groups)
        {
            if (how.IsJson)
            {
                JsonOut.Line(group, ServicesJson.Default.RecordGroupInfo);
            }
            else
            {
                Console.WriteLine($"{Scene.FieldOf(kind, by) switch { { } field => _scene.Of(field, group.Key), _ => string.Empty }}\t{Scene.Raw(group.Sum ?? group.Count)}");
            }
        }

        return ExitCodes.Ok;
    }

    /// <summary>Asks what accounts are called that stand in records.</summary>
    private async Task NameAsync(IReadOnlyList<RecordInfo> records, CancellationToken stop)
    {
        string[] wanted = [.. OpenUpdate.AccountsOf(_scene, records).Where(id => !_scene.Names.ContainsKey(id)).Distinct().Take(NamesMax)];
        foreach (var named in wanted.Length == 0 ? [] : await _desk.RunAsync(new Effect.Names(wanted), stop) ?? [])
        {
            if (named is Message.Named name)
            {
                _scene = _scene with { Names = _scene.Names.SetItem(name.Account, name.Name) };
            }
        }
    }

    /// <summary>One page of a table; the first one says how wide its columns are.</summary>
    private Columns Print(ViewDescriptor view, RecordKind kind, IReadOnlyList<RecordInfo> records, Columns? table)
    {
        FieldDescriptor[] fields = [Scene.FieldOf(kind, "id")!, .. Scene.Shown(view, kind)];
        var rows = records.Select(record => fields.Select(field => CellText.Cut(_scene.Short(field, record), ColumnMax)).ToArray()).ToList();
        var heads = fields.Select(field => field.Name == "id" ? "#" : _scene.Say(field.Title)).ToArray();
        if (table is null)
        {
            table = new Columns([.. heads.Select((head, i) => rows.Select(row => CellWidth.Of(row[i])).Append(CellWidth.Of(head)).Max())]);
            Console.WriteLine(table.Join(heads));
        }

        foreach (var row in rows)
        {
            Console.WriteLine(table.Join(row));
        }

        return table;
    }

    private sealed record Columns(int[] Widths)
    {
        public string Join(string[] texts) => string.Join("  ", texts.Select((text, i) => CellText.Fit(text, Widths[i]))).TrimEnd();
    }
}
