namespace Cete.Benchmarks.Bank;

/// <summary>The bank: transfers by three replicas against PostgreSQL, and the audit of a long journal.</summary>
internal static class BankFigures
{
    /// <param name="report">Takes the figures.</param>
    /// <param name="only">One part: ledger, apply, audit; null for all.</param>
    public static async Task RunAsync(Report report, string? only)
    {
        // Not in memory, as temporary folders often are: the point is what reaches a disk.
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"bank-{Environment.ProcessId}")).FullName;
        try
        {
            if (only is null or "ledger")
            {
                await LedgerFigures.RunAsync(report, Path.Combine(folder, "ledger"));
            }

            if (only is null or "apply")
            {
                await ApplyFigures.RunAsync(report, Path.Combine(folder, "apply"));
            }

            if (only is null or "audit")
            {
                await AuditFigures.RunAsync(report, Path.Combine(folder, "audit"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
