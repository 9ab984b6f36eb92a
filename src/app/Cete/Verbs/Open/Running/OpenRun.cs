using System.Runtime.InteropServices;
using System.Threading.Channels;
using Cete.App.Output;
using Cete.App.Verbs.Open.Drawing;
using Cete.App.Verbs.Open.Model;
using Cete.Core;

namespace Cete.App.Verbs.Open.Running;

/// <summary>Runs the model in a terminal: keys, answers and changes go in, frames and questions come out.</summary>
/// <param name="terminal">The terminal.</param>
/// <param name="desk">Does what the model wants.</param>
internal sealed class OpenRun(RawTerminal terminal, ServiceDesk desk) : IDisposable
{
    /// <summary>Messages that wait to be taken up; who tells more waits.</summary>
    private const int WaitingMax = 1_000;

    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(30);

    private readonly Channel<Message> _messages = Channel.CreateBounded<Message>(new BoundedChannelOptions(WaitingMax) { SingleReader = true });
    private readonly Painter _painter = new(string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
    private readonly CancellationTokenSource _end = new();
    private KeyReader? _keys;
    private OpenModel? _model;

    /// <summary>Runs until the user ends it, or the program is stopped.</summary>
    public async Task<int> RunAsync(Scene scene, Target? target, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _end.Token);
        using var resized = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Measure());
        using var again = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Measure());
        var (width, height) = RawTerminal.Size();
        var (model, effects) = OpenUpdate.Begin(new OpenModel(scene with { Now = TimeProvider.System.GetUtcNow() }, width, height), target);
        _model = model;
        _keys = new KeyReader(key => Tell(key is null ? null : new Message.Pressed(key)));
        _keys.Start();
        Task[] beside = [desk.FollowAsync(Tell, either.Token), TickAsync(either.Token)];
        try
        {
            await DoAsync(effects, either.Token);
            Show();
            while (await _messages.Reader.WaitToReadAsync(either.Token))
            {
                while (_messages.Reader.TryRead(out var message))
                {
                    (_model, effects) = OpenUpdate.Update(_model, message);
                    await DoAsync(effects, either.Token);
                }

                Show();
            }
        }
        catch (OperationCanceledException)
        {
            // It is over, however it came to that.
        }
        finally
        {
            await _end.CancelAsync();
            _keys.Stop();
            await Task.WhenAll(beside).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        return stop.IsCancellationRequested ? ExitCodes.Cancelled : ExitCodes.Ok;
    }

    public void Dispose() => _end.Dispose();

    private async Task DoAsync(IReadOnlyList<Effect> effects, CancellationToken stop)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case Effect.Quit:
                    await _end.CancelAsync();
                    return;
                case Effect.Edit edit:
                    await EditAsync(edit, stop);
                    break;
                default:
                    _ = AskAsync(effect, stop);
                    break;
            }
        }
    }

    private async Task AskAsync(Effect effect, CancellationToken stop)
    {
        try
        {
            foreach (var message in await desk.RunAsync(effect, stop) ?? [])
            {
                Tell(message);
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more.
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            Tell(new Message.Answered(effect.Ask, null, new Failure(FailureKind.Unavailable, $"a mistake of the program's own: {bug.Message}")));
        }
    }

    /// <summary>Another program has the terminal meanwhile.</summary>
    private async Task EditAsync(Effect.Edit edit, CancellationToken stop)
    {
        _keys!.Stop();
        terminal.GiveBack();
        var edited = await TextEditor.EditAsync(edit.Text, edit.Ending, stop);
        terminal.Take();
        _painter.Forget();
        _keys.Start();
        Measure();
        Tell(new Message.Edited(edit.Ask, edited.Succeeded ? edited.Value : null, edited.Failure));
    }

    private async Task TickAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Minute, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stop))
        {
            Tell(new Message.Ticked(TimeProvider.System.GetUtcNow()));
        }
    }

    private void Measure()
    {
        var (width, height) = RawTerminal.Size();
        Tell(new Message.Resized(width, height));
    }

    /// <summary>
    /// Hands the model a message; null when the terminal is gone. A full queue drops what is asked for again anyway, and keys of a stuck terminal.
    /// </summary>
    private void Tell(Message? message)
    {
        if (message is null)
        {
            _end.Cancel();
        }
        else
        {
            _messages.Writer.TryWrite(message);
        }
    }

    private void Show() => terminal.Write(_painter.Paint(OpenDrawing.Draw(_model!)));
}
