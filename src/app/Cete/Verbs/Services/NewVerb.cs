using System.CommandLine;
using Cete.App.Output;
using Cete.Core;
using Cete.Described;

namespace Cete.App.Verbs.Services;

/// <summary><c>cete service new</c>: a description to begin with.</summary>
internal static class NewVerb
{
    public static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "What the service is to be called: a-z, 0-9 and '-', a letter first." };
        var file = new Option<string?>("--file", "-f") { Description = "Where to write it; NAME.conf when absent.", HelpName = "FILE" };
        var json = Common.Json();
        var verb = new Command("new", Common.WithExamples(
            "Write a description to begin with, in which all that is needed stands with a word on what it does. It replaces no file.",
            "cete service new recipes",
            "cete service new recipes --file services/recipes.conf")) { name, file, json };
        verb.SetAction(parsed =>
        {
            var service = parsed.GetRequiredValue(name);
            return Run(service, parsed.GetValue(file) ?? service + ".conf", parsed.GetValue(json));
        });
        return verb;
    }

    private static int Run(string service, string path, bool json)
    {
        // What is written is looked at as any other description, so a name that is none is refused as one.
        var text = Template.Replace("NAME", service, StringComparison.Ordinal);
        if (!IsName(service))
        {
            return ExitCodes.Say(new Failure(FailureKind.Invalid, $"'{service}' is no name of a service: that is 1 to 32 of a-z, 0-9 and '-', a letter first"));
        }

        if (NewFile.Write(path, text) is { } failure)
        {
            return ExitCodes.Say(failure);
        }

        if (json)
        {
            JsonOut.Line(new DescriptionWritten(path, service, 0), OutputJson.Default.DescriptionWritten);
            return ExitCodes.Ok;
        }

        Console.WriteLine($"{path}: change it as you like, then");
        Console.WriteLine($"  cete service check {path}");
        Console.WriteLine($"  cete service publish {path}");
        return ExitCodes.Ok;
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= DescriptorLimits.NameLengthMax && char.IsAsciiLetterLower(text[0])
        && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private const string Template = """
        # A service of the community, described. Look at it with 'cete service check', have it used with 'cete service publish'.
        # What stands behind # is for those who read this file; it does not travel.

        cete = 1

        service {
          name = NAME
          version = 1.0.0
          # What people read has a text, or one for each language.
          title { en = "My service", de = "Mein Dienst" }
          about = "What it is for, in a sentence"
        }

        # Kinds of records. Each has id, owner, created, updated and revision by itself.
        records {
          items {
            title { en = "Items", de = "Sachen" }
            fields {
              title { type = text, required = true, max = 200 }
              about { type = markdown, help = "CommonMark: *emphasis*, lists, links" }
              # The names of the choices are stored, their titles are shown: { open = "Still open", done = "Done" } gives them.
              state { type = select, options = [open, done], default = open }
              due = date
              tags { type = multi-select, options = [important, fun] }
              # Other types: integer, decimal, boolean, date-time, duration, relation (with 'to'), account, file, link, e-mail, phone, geo, rating,
              # credits, formula (with 'value').
            }
            indexes = [[state, due]]

            # Who may do what. Absent: nobody. Empty: everybody. Else a condition on the record and on whoever asks; lists show just what it lets through.
            rules {
              list = ""
              view = ""
              create = "auth.known"
              update = "record.owner == auth.id || 'moderator' in auth.roles"
              delete = "record.owner == auth.id"
            }
          }
        }

        # What people can do beyond editing: a button, a guard, steps.
        actions {
          finish {
            on = items
            title { en = "Done", de = "Erledigt" }
            who = "auth.known"
            when = "record.state == 'open'"
            steps = [{ set { state = done } }]
          }
        }

        # How records are shown; good views are made where none are described.
        views {
          open { kind = table, records = items, filter = "record.state == 'open'", sort = [due], title { en = "Still open", de = "Noch offen" } }
          board { kind = board, records = items, keys { column = state } }
        }

        """;
}
