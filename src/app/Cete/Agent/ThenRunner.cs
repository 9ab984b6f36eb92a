using System.Diagnostics;
using Cete.Core;
using Cete.Ports.Folders;

namespace Cete.App.Agent;

/// <summary>
/// Runs what a user wants done with a file that came: a program of his with its arguments, no shell between, so that no name of a file is an order.
/// </summary>
internal sealed class ThenRunner : IThenRunner
{
    /// <summary>Stands for the file among the arguments.</summary>
    private const string Place = "{}";

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public async Task<Failure?> RunAsync(Subscription subscription, SubscribedFile file, CancellationToken stop)
    {
        var then = subscription.Request.Then;
        var info = new ProcessStartInfo(then[0]) { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = subscription.Request.To };
        foreach (var argument in then.Skip(1))
        {
            info.ArgumentList.Add(argument.Replace(Place, file.Local, StringComparison.Ordinal));
        }

        if (!then.Any(argument => argument.Contains(Place, StringComparison.Ordinal)))
        {
            info.ArgumentList.Add(file.Local);
        }

        try
        {
            using var process = Process.Start(info)!;
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Longest, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
            try
            {
                await process.WaitForExitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
                return new Failure(FailureKind.Unavailable, $"{then[0]} was ended after {Longest.TotalHours} h");
            }
            catch (OperationCanceledException)
            {
                // It is the user's, and may go on without the agent.
                return null;
            }

            return process.ExitCode == 0 ? null : new Failure(FailureKind.Unavailable, $"{then[0]} ended with {process.ExitCode}");
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            return new Failure(FailureKind.NotFound, $"{then[0]} cannot be run: {error.Message}");
        }
    }
}
