extension PersonLocale {
    static let german = PersonLocale(
        maleNames: list(
            """
            Peter, Michael, Thomas, Andreas, Wolfgang, Klaus, Jürgen, Günter, Stefan, Christian, Uwe, Werner, Horst,
            Frank, Dieter, Manfred, Gerhard, Hans, Bernd, Thorsten, Mathias, Helmut, Walter, Heinz, Martin, Jörg,
            Rolf, Jens, Sven, Alexander, Jan, Rainer, Holger, Karl, Dirk, Joachim, Ralf, Carsten, Herbert, Oliver,
            Wilhelm, Kurt, Markus, Heinrich, Paul, Hermann, Tobias, Felix, Jonas, Lukas, Leon, Finn, Elias, Noah, Ben,
            Maximilian, Moritz, Emil, Mehmet, Ali, Florian, Sebastian
            """),
        femaleNames: list(
            """
            Maria, Ursula, Monika, Petra, Elisabeth, Sabine, Renate, Helga, Karin, Brigitte, Ingrid, Erika, Andrea,
            Gisela, Claudia, Susanne, Gabriele, Christa, Christine, Hildegard, Anna, Birgit, Barbara, Gertrud, Heike,
            Marianne, Elke, Martina, Angelika, Irmgard, Inge, Ute, Elfriede, Doris, Marion, Ruth, Ulrike, Hannelore,
            Jutta, Gerda, Kerstin, Ilse, Anneliese, Margarete, Ingeborg, Anja, Edith, Sandra, Waltraud, Beate, Rita,
            Katharina, Emma, Mia, Hannah, Emilia, Lina, Lea, Clara, Frieda, Ayşe, Greta
            """),
        lastNames: list(
            """
            Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer,
            Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Braun, Krüger, Hofmann, Hartmann, Lange,
            Schmitt, Werner, Schmitz, Krause, Meier, Lehmann, Schmid, Schulze, Maier, Köhler, Herrmann, König, Walter,
            Mayer, Huber, Kaiser, Fuchs, Peters, Lang, Scholz, Möller, Weiß, Jung, Hahn, Schubert, Vogel, Friedrich,
            Keller, Günther, Frank, Berger, Winkler, Roth, Beck, Lorenz, Baumann, Franke, Albrecht, Schuster, Simon,
            Ludwig, Böhm, Winter, Kraus, Martin, Schumacher, Krämer, Vogt, Stein, Jäger, Otto, Sommer, Groß, Seidel,
            Yılmaz
            """),
        streets: list(
            """
            {last}straße, {last}weg, {last}allee, {last}gasse, {last}ring, {last}platz, Hauptstraße, Bahnhofstraße,
            Gartenstraße, Schulstraße, Dorfstraße, Bergstraße, Lindenweg, Birkenweg, Kirchplatz, Am Markt, Ringstraße
            """),
        cities: list(
            """
            Berlin, Hamburg, München, Köln, Frankfurt am Main, Stuttgart, Düsseldorf, Leipzig, Dortmund, Essen,
            Bremen, Dresden, Hannover, Nürnberg, Duisburg, Bochum, Wuppertal, Bielefeld, Bonn, Münster, Mannheim,
            Karlsruhe, Augsburg, Wiesbaden, Mönchengladbach, Gelsenkirchen, Aachen, Braunschweig, Chemnitz, Kiel,
            Halle, Magdeburg, Freiburg, Krefeld, Mainz, Lübeck, Erfurt, Oberhausen, Rostock, Kassel, Hagen, Potsdam,
            Saarbrücken, Hamm, Oldenburg, Osnabrück, Heidelberg, Darmstadt, Regensburg, Würzburg, Ulm, Jena, Trier,
            Göttingen
            """),
        states: list(
            """
            Baden-Württemberg, Bayern, Berlin, Brandenburg, Bremen, Hamburg, Hessen, Mecklenburg-Vorpommern,
            Niedersachsen, Nordrhein-Westfalen, Rheinland-Pfalz, Saarland, Sachsen, Sachsen-Anhalt,
            Schleswig-Holstein, Thüringen
            """),
        postcodes: ["%####", "1####", "0%###"],
        phones: ["0%## ######", "+49 %## ######", "(0%##) ######", "+49 (0) %### ######", "0151 ########"],
        countries: list(
            """
            Ägypten, Argentinien, Australien, Belgien, Bolivien, Brasilien, Bulgarien, Chile, China, Costa Rica,
            Dänemark, Deutschland, Ecuador, Estland, Finnland, Frankreich, Georgien, Ghana, Griechenland, Indien,
            Indonesien, Irland, Island, Israel, Italien, Jamaika, Japan, Jordanien, Kanada, Kenia, Kolumbien,
            Kroatien, Kuba, Lettland, Litauen, Luxemburg, Malaysia, Malta, Marokko, Mexiko, Mongolei, Nepal,
            Neuseeland, Niederlande, Nigeria, Norwegen, Österreich, Pakistan, Panama, Peru, Philippinen, Polen,
            Portugal, Ruanda, Rumänien, Schweden, Schweiz, Senegal, Serbien, Singapur, Slowakei, Slowenien, Spanien,
            Südafrika, Thailand, Tschechien, Tunesien, Türkei, Ukraine, Ungarn, Uruguay, Vereinigtes Königreich,
            Vietnam
            """),
        occupations: list(
            """
            Altenpflege, Apotheke, Architektur, Arzthelfer, Augenoptik, Bäcker, Bankkaufmann, Baumpfleger,
            Bibliothekar, Biologe, Brauer, Buchbinder, Buchhalter, Busfahrer, Chemikant, Dachdecker, Dolmetscher,
            Drucker, Elektriker, Ergotherapeut, Erzieher, Fahrlehrer, Feuerwehrmann, Fischwirt, Florist, Fotograf,
            Friseur, Gärtner, Geologe, Glaser, Goldschmied, Hebamme, Hotelfachmann, Imker, Informatiker, Ingenieur,
            Journalist, Koch, Konditor, Krankenpfleger, Landwirt, Lehrer, Lokführer, Maler, Maurer, Mechatroniker,
            Metzger, Notar, Optiker, Physiker, Pilot, Polizist, Postbote, Psychologe, Rechtsanwalt, Redakteur,
            Richter, Schlosser, Schneider, Schornsteinfeger, Schreiner, Sozialarbeiter, Steuerberater, Tierarzt,
            Tischler, Übersetzer, Uhrmacher, Verkäufer, Winzer, Zahnarzt
            """))
}
