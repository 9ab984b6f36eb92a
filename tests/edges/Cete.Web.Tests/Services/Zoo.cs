namespace Cete.Web.Tests.Services;

/// <summary>A description with a field of every type, a view of every kind, and markup wherever somebody can write a text.</summary>
internal static class Zoo
{
    public const string Name = "zoo";

    /// <summary>What must never be a tag.</summary>
    public const string Script = "<script>alert(1)</script>";

    public const string Text = """
        cete = 1
        service {
          name = zoo
          version = 1.0.0
          title { en = "Zoo <script>alert(1)</script>", de = "Tierpark" }
          about { en = "Animals & \"friends\" <script>alert(1)</script>", de = "Tiere" }
          icon = book
        }
        records {
          animals {
            title { en = "Animals", de = "Tiere" }
            fields {
              name { type = text, required = true, max = 40, title { en = "Name <script>", de = "Wie es heißt" }, help = "As it is called <script>" }
              story { type = markdown }
              lines { type = text, editor = lines }
              legs { type = integer, min = 0, max = 100 }
              weight { type = decimal }
              tame { type = boolean }
              born { type = date }
              gone { type = date }
              fed { type = date-time }
              nap { type = duration }
              shape { type = select, options { bird = "Bird", fish = "Fish <script>" } }
              girth { type = select, options = [big, small], default = small, editor = radio }
              tags { type = multi-select, options = [loud, wild, shy], max = 2 }
              parent { type = relation, to = animals }
              keeper { type = account }
              photo { type = file }
              page { type = link }
              mail { type = e-mail }
              phone { type = phone }
              place { type = geo }
              stars { type = rating }
              price { type = credits }
              code { type = text, pattern = "[A-Z]{3}" }
              pairs { type = formula, value = "record.legs * 2" }
            }
            unique = [code]
            rules { list = "", view = "", create = "", update = "auth.known", delete = "record.owner == auth.id" }
          }
          visits {
            fields {
              animal { type = relation, to = animals, required = true }
              day { type = date, required = true }
            }
            rules { list = "", view = "", create = "auth.known" }
          }
        }
        actions {
          feed {
            on = animals
            title { en = "Feed <script>", de = "Füttern" }
            who = "auth.known"
            when = "record.tame"
            confirm { en = "Is it hungry?", de = "Hat es Hunger?" }
            input { portions { type = integer, min = 1, max = 3, default = 1, required = true } }
            steps = [{ fail = "It bites.", when = "input.portions == 3" }, { set { fed = "=now" } }]
          }
          adopt {
            title = "Adopt one"
            who = "auth.known"
            input { name { type = text, required = true } }
            steps = [{ create = animals, with { name = "=input.name" } }]
          }
        }
        views {
          table {
            kind = table, records = animals, sort = [name]
            show = [name, legs, weight, tame, born, fed, shape, tags, story, price, pairs, stars, page, owner, created]
          }
          list { kind = list, records = animals }
          cards { kind = cards, records = animals }
          board { kind = board, records = animals, keys { column = shape } }
          calendar { kind = calendar, records = animals, keys { start = born, end = gone } }
          meals { kind = calendar, records = animals, keys { start = fed } }
          tree { kind = tree, records = animals, keys { parent = parent } }
          thread { kind = thread, records = animals, keys { parent = parent } }
          gallery { kind = gallery, records = animals, keys { image = photo } }
          chart { kind = chart, records = animals, keys { group = shape } }
          worth { kind = chart, records = animals, keys { group = shape, value = price } }
          computed { kind = chart, records = animals, keys { group = pairs } }
          chat { kind = chat, records = animals, keys { text = story } }
          detail { kind = detail, records = animals }
          form { kind = form, records = animals }
          newer { kind = hologram, fallback = cards, records = animals }
          newest { kind = smell, fallback = table, records = animals }
          home { kind = page, parts = [list, chart, form, "library:shelf", nowhere, "gone:shelf", home] }
        }
        """;

    /// <summary>An animal with something in every field, as hostile as each takes it.</summary>
    public static (string Name, string Text)[] Whole(string keeper) =>
    [
        ("name", Script), ("story", $"One.\n\nTwo {Script}"), ("lines", $"a\n{Script}"), ("legs", "4"), ("weight", "12.5"),
        ("tame", "true"), ("born", "2026-11-05"), ("gone", "2026-11-07"), ("fed", "2026-11-23T18:30:00Z"), ("nap", "1d12h"),
        ("shape", "fish"), ("tags", "loud"), ("keeper", keeper),
        ("photo", new string('a', 64) + "/<script>.png"), ("page", "https://example.org/?q=\"><script>"), ("mail", "a@example.org"), ("phone", "+49 30 123"),
        ("place", "52.52,13.405"), ("stars", "3"), ("price", "2.5"), ("code", "ABC"),
    ];
}
