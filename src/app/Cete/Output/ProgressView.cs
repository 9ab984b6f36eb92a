using Spectre.Console;

namespace Cete.App.Output;

/// <summary>What a long command shows while it works.</summary>
/// <param name="Title">What is being done.</param>
/// <param name="Done">Bytes done.</param>
/// <param name="Total">Bytes in all; null while it is not known.</param>
internal readonly record struct ProgressState(string Title, long Done, long? Total);

/// <summary>
/// Shows progress on the error stream, so that the output stays clean: a bar with rate and time left on a terminal, a plain line every
/// few seconds otherwise, nothing with --json.
/// </summary>
internal static class ProgressView
{
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    public static async Task<T> RunAsync<T>(bool quiet, Func<ProgressState> state, Func<Task<T>> work)
    {
        if (quiet)
        {
            return await work();
        }

        return Console.IsErrorRedirected ? await RunPlainAsync(state, work) : await RunBarAsync(state, work);
    }

    private static async Task<T> RunPlainAsync<T>(Func<ProgressState> state, Func<Task<T>> work)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var running = work();
        while (await Task.WhenAny(running, Task.Delay(LineInterval, clock)) != running)
        {
            var now = state();
            var elapsed = clock.GetElapsedTime(start);
            var left = now.Total is { } total && now.Done > 0 ? $", {Units.Seconds(elapsed * ((total - now.Done) / (double)now.Done))} left" : string.Empty;
            var of = now.Total is { } all ? $" of {Units.Bytes(all)}" : string.Empty;
            await Console.Error.WriteLineAsync($"{Core.EntryName.Show(now.Title)}: {Units.Bytes(now.Done)}{of}, {Units.Rate(now.Done, elapsed)}{left}");
        }

        return await running;
    }

    private static Task<T> RunBarAsync<T>(Func<ProgressState> state, Func<Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new DownloadedColumn(),
                new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("starting", maxValue: 1);
                var running = work();
                while (await Task.WhenAny(running, Task.Delay(BarInterval, TimeProvider.System)) != running)
                {
                    var now = state();
                    task.Description = Markup.Escape(Shorten(Core.EntryName.Show(now.Title)));
                    task.IsIndeterminate = now.Total is null;
                    task.MaxValue = Math.Max(1, now.Total ?? now.Done);
                    task.Value = now.Done;
                }

                return await running;
            });
    }

    private static string Shorten(string title) => title.Length <= 40 ? title : "..." + title[^37..];
}
