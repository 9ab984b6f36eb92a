using System.Diagnostics;
using System.Globalization;

namespace Cete.Benchmarks.Bank;

/// <summary>
/// PostgreSQL with two synchronous standbys on the same disk (https://www.postgresql.org/docs/current/warm-standby.html): the same double entry as a
/// function of its own language, called by its own load generator over prepared statements. A commit waits until it is on the disk of the first and
/// of one of the others, as one of three replicas does.
/// </summary>
internal sealed class Postgres : IDisposable
{
    private const string Schema = """
        CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0));
        CREATE TABLE journal (
            number bigserial PRIMARY KEY, id uuid NOT NULL UNIQUE, at timestamptz NOT NULL, debit int NOT NULL, credit int NOT NULL, amount bigint NOT NULL,
            debit_balance bigint NOT NULL, credit_balance bigint NOT NULL);
        CREATE FUNCTION transfer(payer int, payee int, amount bigint) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            d bigint;
            c bigint;
        BEGIN
            UPDATE accounts SET balance = balance - amount WHERE id = payer RETURNING balance INTO d;
            UPDATE accounts SET balance = balance + amount WHERE id = payee RETURNING balance INTO c;
            INSERT INTO journal (id, at, debit, credit, amount, debit_balance, credit_balance)
                VALUES (gen_random_uuid(), now(), payer, payee, amount, d, c);
        END $$;
        CREATE FUNCTION transfers(payer int, count int, payees int) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            payee int;
        BEGIN
            -- In order, so that no two of them wait for each other.
            FOR payee IN SELECT (random() * (payees - 1))::int AS p FROM generate_series(1, count) ORDER BY p LOOP
                PERFORM transfer(payer, payee, 1);
            END LOOP;
        END $$;
        """;

    private readonly string _folder;
    private readonly string _programs;
    private readonly int[] _ports = Groups.Ports.Free(3);
    private readonly List<Process> _servers = [];

    /// <param name="folder">For its data; made by nobody else.</param>
    public Postgres(string folder)
    {
        (_folder, _programs) = (folder, Programs()!);
        Directory.CreateDirectory(folder);
        if (Environment.IsPrivilegedProcess)
        {
            // It refuses to run as root.
            Run("chown", "nobody", folder);
        }
    }

    /// <summary>Whether its programs are installed.</summary>
    public static bool IsThere => Programs() is not null;

    /// <summary>Starts all three, with accounts of which the first ones are paid and the others pay.</summary>
    public void Start(int payees, int payers)
    {
        Call("initdb", "-D", Data(0), "-U", "bench", "-A", "trust");
        File.AppendAllLines(Path.Combine(Data(0), "postgresql.conf"),
        [
            "listen_addresses = '127.0.0.1'", $"unix_socket_directories = '{_folder}'", "max_connections = 100", "shared_buffers = 256MB",
            "synchronous_commit = on", "synchronous_standby_names = 'ANY 1 (s1, s2)'",
        ]);
        StartServer(0);
        for (var standby = 1; standby < 3; standby++)
        {
            Call("pg_basebackup", "-h", "127.0.0.1", "-p", Text(_ports[0]), "-U", "bench", "-D", Data(standby), "-X", "stream", "-c", "fast", "-R");
            File.AppendAllText(
                Path.Combine(Data(standby), "postgresql.auto.conf"),
                $"primary_conninfo = 'host=127.0.0.1 port={Text(_ports[0])} user=bench application_name=s{Text(standby)}'\n");
            StartServer(standby);
        }

        Sql(Schema);
        const long Paid = 5_000_000_000;
        const long Pays = 100_000_000;
        Sql($"INSERT INTO accounts SELECT g, CASE WHEN g < {Text(payees)} THEN {Paid} ELSE {Pays} END FROM generate_series(0, {Text(payees + payers - 1)}) g");
        Sql("VACUUM ANALYZE");
        File.WriteAllText(
            Path.Combine(_folder, "one.sql"),
            $"\\set b random(0, {Text(payees - 1)})\n\\set a {Text(payees)} + :client_id * 8 + random(0, 7)\nSELECT transfer(:a, :b, 1);\n");
        File.WriteAllText(
            Path.Combine(_folder, "batch.sql"), $"\\set a {Text(payees)} + :client_id * 8 + random(0, 7)\nSELECT transfers(:a, 100, {Text(payees)});\n");
    }

    /// <summary>How many standbys wait with the first: 2 when all is well.</summary>
    public int Standbys() => int.Parse(Sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'").Trim(), CultureInfo.InvariantCulture);

    /// <summary>Transfers a second that clients get, each asking one after the other.</summary>
    public double Load(int clients, int batch, TimeSpan time)
    {
        var script = Path.Combine(_folder, batch == 1 ? "one.sql" : "batch.sql");
        var said = Call(
            "pgbench", "-h", "127.0.0.1", "-p", Text(_ports[0]), "-U", "bench", "-n", "-M", "prepared", "-c", Text(clients), "-j", "2", "-T",
            Text((int)time.TotalSeconds), "-f", script, "postgres");
        var line = said.Split('\n').First(one => one.StartsWith("tps = ", StringComparison.Ordinal));
        return batch * double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            // SIGINT: it ends at once, and takes its children with it.
            Run("kill", "-INT", Text(server.Id));
            server.WaitForExit(TimeSpan.FromSeconds(20));
            server.Kill(entireProcessTree: true);
            server.Dispose();
        }
    }

    private static string? Programs() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(
            bin => File.Exists(Path.Combine(bin, "postgres")))
        : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Run(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {errors.Result}");
    }

    private string Data(int server) => Path.Combine(_folder, $"n{Text(server)}");

    private (string Program, string[] Before) As(string program)
    {
        var path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess ? ("setpriv", ["--reuid=nobody", "--regid=nogroup", "--clear-groups", path]) : (path, []);
    }

    private string Call(string program, params string[] arguments)
    {
        var (run, before) = As(program);
        return Run(run, [.. before, .. arguments]);
    }

    private string Sql(string text) => Call(
        "psql", "-h", "127.0.0.1", "-p", Text(_ports[0]), "-U", "bench", "-qAt", "-v", "ON_ERROR_STOP=1", "-c", text, "postgres");

    private void StartServer(int server)
    {
        var (run, before) = As("postgres");
        var start = new ProcessStartInfo(run, [.. before, "-D", Data(server), "-p", Text(_ports[server]), "-k", _folder])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _servers.Add(process);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; tries < 300; tries++)
        {
            try
            {
                Call("pg_isready", "-h", "127.0.0.1", "-p", Text(_ports[server]));
                return;
            }
            catch (InvalidOperationException)
            {
                timer.WaitForNextTickAsync().AsTask().Wait();
            }
        }

        throw new InvalidOperationException($"PostgreSQL does not start in {Data(server)}");
    }
}
